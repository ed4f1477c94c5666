using System.Text.RegularExpressions;
using LowRank.Training.Filtering;

namespace LowRank.Training.Tests.Filtering;

/// <summary>The rules of C4 once more, written from their description with strings and regular expressions, for comparison.</summary>
internal static partial class SlowC4
{
    private static readonly string[] Policies =
    [
        "terms of use",
        "privacy policy",
        "cookie policy",
        "uses cookies",
        "use of cookies",
        "use cookies",
    ];

    public static (string? Reason, string Text) Apply(string text, C4Options options)
    {
        var kept = new List<string>();
        var sentences = 0;
        foreach (var whole in Break().Split(FinalBreak().Replace(text, "")))
        {
            var line = whole.Trim();
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Any(word => word.EnumerateRunes().Count() > options.MaxWordLength))
                continue;
            if (options.RemoveCitations)
                line = Citations().Replace(line, "");
            if (options.RequireTerminalPunctuation && (line.EndsWith("...", StringComparison.Ordinal) || !Terminal().IsMatch(line)))
                continue;
            if (words.Length < options.MinWordsPerLine)
                continue;

            var lower = line.ToLowerInvariant();
            if (options.DropLoremIpsum && lower.Contains("lorem ipsum", StringComparison.Ordinal))
                return ("lorem_ipsum", text);
            if (options.DropJavaScriptLines && lower.Contains("javascript", StringComparison.Ordinal))
                continue;
            if (options.DropCurlyBrackets && line.Contains('{'))
                return ("curly_bracket", text);
            if (options.DropPolicyLines && Policies.Any(policy => lower.Contains(policy, StringComparison.Ordinal)))
                continue;

            sentences += new SentenceCounter().Count(line, int.MaxValue);
            kept.Add(line);
        }

        return sentences < options.MinSentences ? ("too_few_sentences", text) : (null, string.Join('\n', kept).Trim());
    }

    [GeneratedRegex(@"\r\n|[\n\r\u2028]")]
    private static partial Regex Break();

    // The last line may end, too; no line begins after it.
    [GeneratedRegex(@"(?:\r\n|[\n\r\u2028])\z")]
    private static partial Regex FinalBreak();

    [GeneratedRegex(@"\[\d*\]|\[edit\]|\[citation needed\]")]
    private static partial Regex Citations();

    [GeneratedRegex(@"[.?!""']\z")]
    private static partial Regex Terminal();
}
