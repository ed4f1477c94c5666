using System.Buffers;
using System.Collections.Frozen;

namespace LowRank.Training.Filtering;

/// <summary>What addresses are dropped for, read once and shared by all threads: such lists have millions of lines.</summary>
internal sealed record UrlLists
{
    public required PublicSuffixes Suffixes { get; init; }

    public required FrozenSet<string> Domains { get; init; }

    public required FrozenSet<string> Urls { get; init; }

    public required FrozenSet<string> Words { get; init; }

    /// <summary>Each with a number of its own.</summary>
    public required FrozenDictionary<string, int> SoftWords { get; init; }

    public required SearchValues<string> Subwords { get; init; }

    public required int SoftWordThreshold { get; init; }

    /// <summary>Reads them.</summary>
    /// <exception cref="InputException">A file can't be read, or an option means nothing.</exception>
    public static UrlLists Of(UrlFilterOptions options)
    {
        new FilterOption("url").Positive(nameof(options.SoftWordThreshold), options.SoftWordThreshold);
        return new UrlLists
        {
            Suffixes = options.PublicSuffixes is { } file ? PublicSuffixes.Read(file) : PublicSuffixes.Common,
            Domains = ListFile.Read(options.Domains).Select(domain => domain.ToLowerInvariant()).ToFrozenSet(),
            Urls = ListFile.Read(options.Urls).ToFrozenSet(),
            Words = Normalized(options.Words).ToFrozenSet(),
            SoftWords = Normalized(options.SoftWords)
                .Select((word, index) => (word, index))
                .ToFrozenDictionary(pair => pair.word, pair => pair.index),
            Subwords = SearchValues.Create([.. Normalized(options.Subwords)], StringComparison.Ordinal),
            SoftWordThreshold = options.SoftWordThreshold,
        };
    }

    private static IEnumerable<string> Normalized(IReadOnlyList<string> files) =>
        ListFile
            .Read(files)
            .Select(entry => string.Concat(entry.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant())
            .Where(entry => entry.Length > 0)
            .Distinct();
}
