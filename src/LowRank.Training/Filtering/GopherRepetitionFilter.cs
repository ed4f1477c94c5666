using System.Globalization;
using LowRank.Training.Documents;

namespace LowRank.Training.Filtering;

/// <summary>Drops documents that repeat themselves: the same paragraphs, lines or words in a row (Rae et al., 2021, table A1).</summary>
internal sealed class GopherRepetitionFilter : IDocumentFilter
{
    private readonly GopherRepetitionOptions options;
    private readonly TextWords words;
    private readonly (int N, double Limit, string Reason)[] topNGrams;
    private readonly (int N, double Limit, string Reason)[] duplicateNGrams;
    private readonly DuplicateCounter pieces = new();
    private readonly NGramRepetition nGrams = new();

    /// <param name="options">The limits.</param>
    /// <param name="words">Splits texts, for this filter and others of its chain.</param>
    /// <exception cref="InputException">An option means nothing.</exception>
    public GopherRepetitionFilter(GopherRepetitionOptions options, TextWords words)
    {
        var check = new FilterOption(Name);
        check.Share(nameof(options.MaxDuplicateLines), options.MaxDuplicateLines);
        check.Share(nameof(options.MaxDuplicateParagraphs), options.MaxDuplicateParagraphs);
        check.Share(nameof(options.MaxDuplicateLineCharacters), options.MaxDuplicateLineCharacters);
        check.Share(nameof(options.MaxDuplicateParagraphCharacters), options.MaxDuplicateParagraphCharacters);
        check.Shares(nameof(options.MaxTopNGramCharacters), options.MaxTopNGramCharacters);
        check.Shares(nameof(options.MaxDuplicateNGramCharacters), options.MaxDuplicateNGramCharacters);
        this.options = options;
        this.words = words;
        topNGrams = Ordered(options.MaxTopNGramCharacters, "top_{0}_gram");
        duplicateNGrams = Ordered(options.MaxDuplicateNGramCharacters, "duplicated_{0}_n_grams");
    }

    /// <inheritdoc/>
    public string Name => "gopher-repetition";

    /// <inheritdoc/>
    public string? Apply(Document document)
    {
        var text = document.Text;
        double length = PythonText.Length(text);
        return ParagraphsOf(text, length) ?? LinesOf(text, length) ?? NGramsOf(text, length);
    }

    private static (int N, double Limit, string Reason)[] Ordered(IReadOnlyDictionary<int, double> limits, string reason) =>
        [
            .. limits
                .OrderBy(limit => limit.Key)
                .Select(limit => (limit.Key, limit.Value, string.Format(CultureInfo.InvariantCulture, reason, limit.Key))),
        ];

    private string? ParagraphsOf(string text, double length)
    {
        if (options.MaxDuplicateParagraphs is null && options.MaxDuplicateParagraphCharacters is null)
            return null;

        // Two newlines or more divide paragraphs.
        CountPieces(PythonText.Trim(text), leastNewlines: 2);
        if (pieces.Duplicates / (double)pieces.Total > options.MaxDuplicateParagraphs)
            return "dup_para_frac";
        return pieces.DuplicateCharacters / length > options.MaxDuplicateParagraphCharacters ? "dup_para_char_frac" : null;
    }

    private string? LinesOf(string text, double length)
    {
        if (options.MaxDuplicateLines is null && options.MaxDuplicateLineCharacters is null)
            return null;

        CountPieces(text, leastNewlines: 1);
        if (pieces.Duplicates / (double)pieces.Total > options.MaxDuplicateLines)
            return "dup_line_frac";
        return pieces.DuplicateCharacters / length > options.MaxDuplicateLineCharacters ? "dup_line_char_frac" : null;
    }

    private void CountPieces(ReadOnlySpan<char> text, int leastNewlines)
    {
        pieces.Begin(text.Count('\n') + 1);
        var start = 0;
        var position = 0;
        while (true)
        {
            var next = text[position..].IndexOf('\n');
            if (next < 0)
                break;

            var end = position + next;
            position = end + 1;
            while (position < text.Length && text[position] == '\n')
                position++;
            if (position - end < leastNewlines)
                continue;
            pieces.Add(text, start, end - start);
            start = position;
        }

        pieces.Add(text, start, text.Length - start);
    }

    private string? NGramsOf(string text, double length)
    {
        if (topNGrams.Length == 0 && duplicateNGrams.Length == 0)
            return null;

        nGrams.Begin(text, words.Of(text));
        foreach (var (n, limit, reason) in topNGrams)
        {
            if (n <= nGrams.Words && nGrams.MostTopCharacters(n) / length > limit && nGrams.TopCharacters(n) / length > limit)
                return reason;
        }

        if (duplicateNGrams.Length > 0)
            nGrams.FindBeginnings(duplicateNGrams[0].N);

        foreach (var (n, limit, reason) in duplicateNGrams)
        {
            if (n <= nGrams.Words && nGrams.DuplicateCharacters(n) / length > limit)
                return reason;
        }

        return null;
    }
}
