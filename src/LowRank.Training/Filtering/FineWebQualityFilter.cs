using LowRank.Training.Documents;

namespace LowRank.Training.Filtering;

/// <summary>
/// Drops lists and menus: few lines that end in punctuation, short lines, lines that repeat, few words per line (Penedo et al., 2024).
/// </summary>
internal sealed class FineWebQualityFilter : IDocumentFilter
{
    private readonly FineWebQualityOptions options;
    private readonly TextWords words;
    private readonly DuplicateCounter lines = new();

    /// <param name="options">The limits.</param>
    /// <param name="words">Splits texts, for this filter and others of its chain.</param>
    /// <exception cref="InputException">An option means nothing.</exception>
    public FineWebQualityFilter(FineWebQualityOptions options, TextWords words)
    {
        var check = new FilterOption(Name);
        check.Share(nameof(options.MinPunctuatedLines), options.MinPunctuatedLines);
        check.Share(nameof(options.MaxShortLines), options.MaxShortLines);
        check.NotNegative(nameof(options.ShortLineLength), options.ShortLineLength);
        check.Share(nameof(options.MaxDuplicateLineCharacters), options.MaxDuplicateLineCharacters);
        check.NotNegative(nameof(options.MaxNewlinesPerWord), options.MaxNewlinesPerWord);
        this.options = options;
        this.words = words;
    }

    /// <inheritdoc/>
    public string Name => "fineweb-quality";

    /// <inheritdoc/>
    public string? Apply(Document document)
    {
        var text = document.Text;
        var newlines = text.AsSpan().Count('\n');
        Count(text, newlines, out var punctuated, out var shortLines);
        double total = lines.Total;
        if (total == 0)
            return "empty";
        if (punctuated / total < options.MinPunctuatedLines && !(punctuated == 0 && options.AllowNoPunctuatedLines))
            return "line_punct_ratio";
        if (shortLines / total > options.MaxShortLines)
            return "short_line_ratio";
        if (lines.DuplicateCharacters / (double)(PythonText.Length(text) - newlines) > options.MaxDuplicateLineCharacters)
            return "char_dup_ratio";
        return options.MaxNewlinesPerWord is { } limit && newlines / (double)words.Of(text).Count > limit ? "list_ratio" : null;
    }

    private void Count(ReadOnlySpan<char> text, int newlines, out int punctuated, out int shortLines)
    {
        lines.Begin(newlines + 1);
        punctuated = shortLines = 0;
        for (var start = 0; start <= text.Length; )
        {
            var length = text[start..].IndexOf('\n');
            if (length < 0)
                length = text.Length - start;
            var line = text.Slice(start, length);
            if (!PythonText.TrimStart(line).IsEmpty)
            {
                if (Punctuation.Terminal.EndsIn(line))
                    punctuated++;
                if (IsShort(line))
                    shortLines++;
                lines.Add(text, start, length);
            }

            start += length + 1;
        }
    }

    // A code point takes two units at most.
    private bool IsShort(ReadOnlySpan<char> line) =>
        line.Length <= options.ShortLineLength
        || (line.Length <= options.ShortLineLength * 2L && PythonText.Length(line) <= options.ShortLineLength);
}
