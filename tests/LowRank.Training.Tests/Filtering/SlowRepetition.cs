using LowRank.Training.Filtering;

namespace LowRank.Training.Tests.Filtering;

/// <summary>The rule of repetition once more, written from its description with strings and sets, for comparison.</summary>
internal static class SlowRepetition
{
    public static string? Reason(string text, string[] words, GopherRepetitionOptions options)
    {
        double length = Length(text);
        var paragraphs = Pieces(text.Trim(), 2);
        if (Repeated(paragraphs).Count / (double)paragraphs.Count > options.MaxDuplicateParagraphs)
            return "dup_para_frac";
        if (Repeated(paragraphs).Sum(Length) / length > options.MaxDuplicateParagraphCharacters)
            return "dup_para_char_frac";

        var lines = Pieces(text, 1);
        if (Repeated(lines).Count / (double)lines.Count > options.MaxDuplicateLines)
            return "dup_line_frac";
        if (Repeated(lines).Sum(Length) / length > options.MaxDuplicateLineCharacters)
            return "dup_line_char_frac";

        foreach (var (n, limit) in options.MaxTopNGramCharacters)
        {
            var groups = Enumerable
                .Range(0, Math.Max(0, words.Length - n + 1))
                .Select(i => string.Join(' ', words[i..(i + n)]))
                .GroupBy(nGram => nGram)
                .ToList();
            if (groups.Count > 0 && groups.MaxBy(group => group.Count())! is var top && Length(top.Key) * top.Count() / length > limit)
                return $"top_{n}_gram";
        }

        foreach (var (n, limit) in options.MaxDuplicateNGramCharacters)
        {
            if (DuplicateCharacters(words, n) / length > limit)
                return $"duplicated_{n}_n_grams";
        }

        return null;
    }

    private static int DuplicateCharacters(string[] words, int n)
    {
        var known = new HashSet<string>();
        var characters = 0;
        for (var i = 0; i + n <= words.Length; i++)
        {
            var nGram = string.Concat(words[i..(i + n)]);
            if (known.Add(nGram))
                continue;
            characters += Length(nGram);
            i += n - 1;
        }

        return characters;
    }

    private static List<string> Pieces(string text, int newlines) =>
        [.. System.Text.RegularExpressions.Regex.Split(text, $"\\n{{{newlines},}}")];

    private static List<string> Repeated(List<string> pieces)
    {
        var known = new HashSet<string>();
        return [.. pieces.Where(piece => !known.Add(piece))];
    }

    private static int Length(string text) => text.EnumerateRunes().Count();
}
