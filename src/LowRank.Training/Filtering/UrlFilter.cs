using System.Buffers;
using System.Collections.Frozen;
using LowRank.Training.Documents;

namespace LowRank.Training.Filtering;

/// <summary>
/// Drops documents by the address of their page: its registered domain, its host, the whole address, words in it, pieces of it. Keeps
/// those whose address is unknown.
/// </summary>
/// <remarks>
/// Words of an address are compared as they are written, and lists are in lower case: that is the reference's way. Hosts are compared
/// without regard to case, as the network does.
/// </remarks>
internal sealed class UrlFilter : IDocumentFilter
{
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> WordCharacters = SearchValues.Create(LettersAndDigits);

    private readonly PublicSuffixes suffixes;
    private readonly FrozenSet<string> domains;
    private readonly FrozenSet<string> urls;
    private readonly FrozenSet<string> words;
    private readonly FrozenDictionary<string, int> softWords;
    private readonly SearchValues<string> subwords;
    private readonly int softWordThreshold;
    private readonly HashSet<int> foundSoftWords = [];
    private char[] buffer = new char[256];

    /// <param name="options">The lists' files.</param>
    /// <exception cref="InputException">A file can't be read, or an option means nothing.</exception>
    public UrlFilter(UrlFilterOptions options)
    {
        new FilterOption(Name).Positive(nameof(options.SoftWordThreshold), options.SoftWordThreshold);
        suffixes = options.PublicSuffixes is { } file ? PublicSuffixes.Read(file) : PublicSuffixes.Common;
        domains = ListFile.Read(options.Domains).Select(domain => domain.ToLowerInvariant()).ToFrozenSet();
        urls = ListFile.Read(options.Urls).ToFrozenSet();
        words = Normalized(options.Words).ToFrozenSet();
        softWords = Normalized(options.SoftWords)
            .Select((word, index) => (word, index))
            .ToFrozenDictionary(pair => pair.word, pair => pair.index);
        subwords = SearchValues.Create([.. Normalized(options.Subwords)], StringComparison.Ordinal);
        softWordThreshold = options.SoftWordThreshold;
    }

    /// <inheritdoc/>
    public string Name => "url";

    /// <inheritdoc/>
    public string? Apply(Document document) =>
        document.Url is not { } url ? null : CheckHost(url) ?? (urls.Contains(url) ? "url" : null) ?? CheckWords(url) ?? CheckPieces(url);

    private static IEnumerable<string> Normalized(IReadOnlyList<string> files) =>
        ListFile
            .Read(files)
            .Select(entry => string.Concat(entry.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant())
            .Where(entry => entry.Length > 0)
            .Distinct();

    private string? CheckHost(ReadOnlySpan<char> url)
    {
        if (domains.Count == 0)
            return null;

        var host = Lower(UrlHost.Of(url));
        var lookup = domains.GetAlternateLookup<ReadOnlySpan<char>>();
        return lookup.Contains(suffixes.RegisteredDomain(host)) ? "domain"
            : lookup.Contains(host) ? "subdomain"
            : null;
    }

    private string? CheckWords(ReadOnlySpan<char> url)
    {
        if (words.Count == 0 && softWords.Count == 0)
            return null;

        foundSoftWords.Clear();
        var hard = words.GetAlternateLookup<ReadOnlySpan<char>>();
        var soft = softWords.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var rest = url; ; )
        {
            var start = rest.IndexOfAny(WordCharacters);
            if (start < 0)
                break;
            rest = rest[start..];
            var end = rest.IndexOfAnyExcept(WordCharacters);
            var word = end < 0 ? rest : rest[..end];
            // One such word drops an address whatever else is in it.
            if (hard.Contains(word))
                return "hard_blacklisted";
            if (soft.TryGetValue(word, out var index))
                foundSoftWords.Add(index);
            rest = rest[word.Length..];
        }

        return foundSoftWords.Count >= softWordThreshold ? "soft_blacklisted" : null;
    }

    private string? CheckPieces(ReadOnlySpan<char> url)
    {
        Grow(url.Length);
        var length = 0;
        foreach (var value in url)
        {
            if (char.IsAsciiLetterOrDigit(value))
                buffer[length++] = char.ToLowerInvariant(value);
        }

        return buffer.AsSpan(0, length).ContainsAny(subwords) ? "blacklisted_subword" : null;
    }

    private ReadOnlySpan<char> Lower(ReadOnlySpan<char> text)
    {
        Grow(text.Length);
        return buffer.AsSpan(0, text.ToLowerInvariant(buffer));
    }

    private void Grow(int length)
    {
        if (buffer.Length < length)
            buffer = new char[length * 2];
    }
}
