using System.Collections.Frozen;
using LowRank.Training.Documents;

namespace LowRank.Training.Filtering;

/// <summary>Drops what isn't prose: too short or long, of odd words, of symbols, bullets and ellipses (Rae et al., 2021, A.1.1).</summary>
internal sealed class GopherQualityFilter : IDocumentFilter
{
    private readonly GopherQualityOptions options;
    private readonly TextWords words;
    private readonly FrozenDictionary<string, int> stopWords;
    private readonly ShortTextFilter mayBeStopWord;
    private readonly bool[] foundStopWords;

    /// <param name="options">The limits.</param>
    /// <param name="words">Splits texts, for this filter and others of its chain.</param>
    /// <exception cref="InputException">An option means nothing.</exception>
    public GopherQualityFilter(GopherQualityOptions options, TextWords words)
    {
        var check = new FilterOption(Name);
        check.NotNegative(nameof(options.MinWords), options.MinWords);
        check.NotNegative(nameof(options.MaxWords), options.MaxWords);
        check.NotNegative(nameof(options.MinMeanWordLength), options.MinMeanWordLength);
        check.NotNegative(nameof(options.MaxMeanWordLength), options.MaxMeanWordLength);
        check.NotNegative(nameof(options.MaxSymbolsPerWord), options.MaxSymbolsPerWord);
        check.Share(nameof(options.MaxBulletLines), options.MaxBulletLines);
        check.Share(nameof(options.MaxEllipsisLines), options.MaxEllipsisLines);
        check.Share(nameof(options.MinAlphabeticWords), options.MinAlphabeticWords);
        check.NotNegative(nameof(options.MinStopWords), options.MinStopWords);
        if (options.MinStopWords > 0)
            check.Filled(nameof(options.StopWords), options.StopWords);
        this.options = options;
        this.words = words;
        stopWords = options
            .StopWords.Distinct()
            .Select((word, index) => (word, index))
            .ToFrozenDictionary(pair => pair.word, pair => pair.index);
        mayBeStopWord = new ShortTextFilter(stopWords.Keys);
        foundStopWords = new bool[stopWords.Count];
    }

    /// <inheritdoc/>
    public string Name => "gopher-quality";

    /// <inheritdoc/>
    public string? Apply(Document document)
    {
        var text = document.Text;
        var all = words.Of(text);
        return WordsOf(text, all, out var alphabetic)
            ?? SymbolsOf(text, all.Count)
            ?? LinesOf(text)
            ?? (alphabetic / (double)all.Count < options.MinAlphabeticWords ? "gopher_below_alpha_threshold" : null)
            ?? (HasStopWords(text, all) ? null : "gopher_enough_stop_words");
    }

    private string? WordsOf(string text, WordList all, out int alphabetic)
    {
        alphabetic = 0;
        var real = 0;
        var characters = 0L;
        var hasPairs = text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
        var starts = all.Starts;
        var lengths = all.Lengths;
        for (var i = 0; i < lengths.Length; i++)
        {
            var word = text.AsSpan(starts[i], lengths[i]);
            // Most words begin with a letter, and then they are more than punctuation.
            var isAlphabetic = char.IsAsciiLetter(word[0]) || HasLetter(word);
            if (isAlphabetic)
                alphabetic++;
            if (!isAlphabetic && Punctuation.NoWord.HasAll(word))
                continue;
            real++;
            characters += hasPairs ? PythonText.Length(word) : word.Length;
        }

        var mean = characters / (double)real;
        return real < options.MinWords ? "gopher_short_doc"
            : real > options.MaxWords ? "gopher_long_doc"
            : mean < options.MinMeanWordLength ? "gopher_below_avg_threshold"
            : mean > options.MaxMeanWordLength ? "gopher_above_avg_threshold"
            : null;
    }

    private static bool HasLetter(ReadOnlySpan<char> word)
    {
        foreach (var rune in word.EnumerateRunes())
        {
            if (System.Text.Rune.IsLetter(rune))
                return true;
        }

        return false;
    }

    private string? SymbolsOf(ReadOnlySpan<char> text, double words) =>
        text.Count('#') / words > options.MaxSymbolsPerWord ? "gopher_too_many_hashes"
        : (text.Count("...") + text.Count('…')) / words > options.MaxSymbolsPerWord ? "gopher_too_many_ellipsis"
        : null;

    private string? LinesOf(ReadOnlySpan<char> text)
    {
        var lines = 0;
        var bullets = 0;
        var ellipses = 0;
        while (PythonText.TryTakeLine(ref text, out var line))
        {
            lines++;
            var begin = PythonText.TrimStart(line);
            if (begin.IsEmpty)
                continue;
            if (begin[0] is '•' or '-')
                bullets++;
            var end = PythonText.TrimEnd(begin);
            if (end[^1] == '…' || end.EndsWith("...", StringComparison.Ordinal))
                ellipses++;
        }

        return bullets / (double)lines > options.MaxBulletLines ? "gopher_too_many_bullets"
            : ellipses / (double)lines > options.MaxEllipsisLines ? "gopher_too_many_end_ellipsis"
            : null;
    }

    private bool HasStopWords(string text, WordList all)
    {
        if (options.MinStopWords is not > 0)
            return true;

        foundStopWords.AsSpan().Clear();
        var lookup = stopWords.GetAlternateLookup<ReadOnlySpan<char>>();
        var found = 0;
        var starts = all.Starts;
        var lengths = all.Lengths;
        for (var i = 0; i < lengths.Length; i++)
        {
            var word = text.AsSpan(starts[i], lengths[i]);
            if (!mayBeStopWord.Has(word) || !lookup.TryGetValue(word, out var index) || foundStopWords[index])
                continue;
            foundStopWords[index] = true;
            if (++found >= options.MinStopWords)
                return true;
        }

        return false;
    }
}
