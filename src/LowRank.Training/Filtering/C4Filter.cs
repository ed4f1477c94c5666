using System.Buffers;
using System.Text;
using LowRank.Training.Documents;

namespace LowRank.Training.Filtering;

/// <summary>
/// Takes lines that aren't prose out of documents, and drops those of which too little is left or that hold code or placeholder text
/// (Raffel et al., 2020). A line that was taken out drops no document.
/// </summary>
internal sealed class C4Filter : IDocumentFilter
{
    private const string LoremIpsum = "lorem ipsum";
    private const string JavaScript = "javascript";
    private const char Kelvin = '\u212A';

    private static readonly SearchValues<string> Policies = SearchValues.Create(
        ["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"],
        StringComparison.OrdinalIgnoreCase
    );

    private static readonly SearchValues<string> Phrases = SearchValues.Create(
        [LoremIpsum, JavaScript, "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"],
        StringComparison.OrdinalIgnoreCase
    );

    private readonly C4Options options;
    private readonly SentenceCounter sentences = new();
    private readonly StringBuilder kept = new();
    private readonly Dictionary<string, long> removals = [];
    private char[] line = new char[1024];

    /// <param name="options">Which checks are made, and their limits.</param>
    /// <exception cref="InputException">An option means nothing.</exception>
    public C4Filter(C4Options options)
    {
        var check = new FilterOption(Name);
        check.NotNegative(nameof(options.MinSentences), options.MinSentences);
        check.NotNegative(nameof(options.MinWordsPerLine), options.MinWordsPerLine);
        check.Positive(nameof(options.MaxWordLength), options.MaxWordLength);
        this.options = options;
    }

    /// <inheritdoc/>
    public string Name => "c4";

    /// <summary>Lines that were taken out, by reason.</summary>
    public IReadOnlyDictionary<string, long> Removals => removals;

    /// <inheritdoc/>
    public string? Apply(Document document)
    {
        var text = document.Text;
        var mayHold = MayHold(text);
        kept.Clear();
        var hasLines = false;
        var count = 0;
        var rest = text.AsSpan();
        while (PythonText.TryTakeLine(ref rest, out var next))
        {
            next = PythonText.Trim(next);
            if (CheckShape(ref next) is { } shape)
            {
                Remove(shape);
                continue;
            }

            if (mayHold && CheckContent(next, out var drops) is { } content)
            {
                if (drops)
                    return content;
                Remove(content);
                continue;
            }

            if (count < options.MinSentences)
                count += sentences.Count(next, options.MinSentences.Value - count);
            if (hasLines)
                kept.Append('\n');
            hasLines = true;
            kept.Append(next);
        }

        if (count < options.MinSentences)
            return "too_few_sentences";

        Rewrite(document);
        return null;
    }

    // Whether any line can fail a check of its content: most texts have none of what is looked for.
    private bool MayHold(ReadOnlySpan<char> text) =>
        (options.DropCurlyBrackets && text.Contains('{'))
        || (
            (options.DropLoremIpsum || options.DropJavaScriptLines || options.DropPolicyLines)
            && (text.ContainsAny(Phrases) || text.Contains(Kelvin))
        );

    private string? CheckShape(ref ReadOnlySpan<char> text)
    {
        // Words count as they stood before citations are taken out.
        if (options.MaxWordLength is { } longest && text.Length > longest && HasWordOver(text, longest))
            return "too_long_word";

        var hasWords = options.MinWordsPerLine is not { } fewest || HasWords(text, fewest);
        if (options.RemoveCitations && text.Contains('['))
            text = WithoutCitations(text);
        if (options.RequireTerminalPunctuation && !EndsInPunctuation(text))
            return "no_terminal_punc";
        return hasWords ? null : "too_few_words";
    }

    private string? CheckContent(ReadOnlySpan<char> text, out bool drops)
    {
        drops = false;
        // The Kelvin sign's lower case is k.
        var lower = text.Contains(Kelvin) ? text.ToString().Replace(Kelvin, 'k') : text;
        if (options.DropLoremIpsum && lower.Contains(LoremIpsum, StringComparison.OrdinalIgnoreCase))
        {
            drops = true;
            return "lorem_ipsum";
        }

        if (options.DropJavaScriptLines && lower.Contains(JavaScript, StringComparison.OrdinalIgnoreCase))
            return "javascript";
        if (options.DropCurlyBrackets && text.Contains('{'))
        {
            drops = true;
            return "curly_bracket";
        }

        return options.DropPolicyLines && lower.ContainsAny(Policies) ? "policy" : null;
    }

    private static bool HasWordOver(ReadOnlySpan<char> text, int longest)
    {
        while (!text.IsEmpty)
        {
            var length = PythonText.NextSpace(text);
            if (length > longest && PythonText.Length(text[..length]) > longest)
                return true;
            text = text[Math.Min(text.Length, length + 1)..];
        }

        return false;
    }

    private static bool HasWords(ReadOnlySpan<char> text, int fewest)
    {
        var count = 0;
        while (count < fewest)
        {
            text = PythonText.TrimStart(text);
            if (text.IsEmpty)
                return false;
            count++;
            text = text[PythonText.NextSpace(text)..];
        }

        return true;
    }

    private static bool EndsInPunctuation(ReadOnlySpan<char> text) =>
        text is [.., '.' or '?' or '!' or '"' or '\''] && !text.EndsWith("...", StringComparison.Ordinal);

    private ReadOnlySpan<char> WithoutCitations(ReadOnlySpan<char> text)
    {
        if (line.Length < text.Length)
            line = new char[text.Length * 2];
        var length = 0;
        while (true)
        {
            var bracket = text.IndexOf('[');
            var end = bracket < 0 ? text.Length : bracket;
            text[..end].CopyTo(line.AsSpan(length));
            length += end;
            if (bracket < 0)
                return line.AsSpan(0, length);

            text = text[end..];
            var citation = CitationLength(text);
            if (citation == 0)
            {
                line[length++] = '[';
                citation = 1;
            }

            text = text[citation..];
        }
    }

    private static int CitationLength(ReadOnlySpan<char> text)
    {
        foreach (var mark in (ReadOnlySpan<string>)["[edit]", "[citation needed]"])
        {
            if (text.StartsWith(mark, StringComparison.Ordinal))
                return mark.Length;
        }

        var end = 1;
        while (
            end < text.Length
            && Rune.DecodeFromUtf16(text[end..], out var rune, out var length) == OperationStatus.Done
            && Rune.IsDigit(rune)
        )
            end += length;
        return end < text.Length && text[end] == ']' ? end + 1 : 0;
    }

    private void Remove(string reason)
    {
        removals.TryGetValue(reason, out var before);
        removals[reason] = before + 1;
    }

    private void Rewrite(Document document)
    {
        // A text that stays the same stays the same string, whose words are known.
        if (kept.Equals(document.Text.AsSpan()) && PythonText.Trim(document.Text).Length == document.Text.Length)
            return;

        var text = kept.ToString();
        var trimmed = PythonText.Trim(text);
        if (trimmed.Length != text.Length)
            text = trimmed.ToString();
        document.Text = text;
    }
}
