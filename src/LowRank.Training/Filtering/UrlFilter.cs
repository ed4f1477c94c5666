using System.Buffers;
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

    private readonly UrlLists lists;
    private readonly HashSet<int> foundSoftWords = [];
    private char[] buffer = new char[256];

    /// <param name="lists">What addresses are dropped for; other threads may use the same.</param>
    public UrlFilter(UrlLists lists) => this.lists = lists;

    /// <inheritdoc/>
    public string Name => "url";

    /// <inheritdoc/>
    public string? Apply(Document document) =>
        document.Url is not { } url
            ? null
            : CheckHost(url) ?? (lists.Urls.Contains(url) ? "url" : null) ?? CheckWords(url) ?? CheckPieces(url);

    private string? CheckHost(ReadOnlySpan<char> url)
    {
        if (lists.Domains.Count == 0)
            return null;

        var host = Lower(UrlHost.Of(url));
        var lookup = lists.Domains.GetAlternateLookup<ReadOnlySpan<char>>();
        return lookup.Contains(lists.Suffixes.RegisteredDomain(host)) ? "domain"
            : lookup.Contains(host) ? "subdomain"
            : null;
    }

    private string? CheckWords(ReadOnlySpan<char> url)
    {
        if (lists.Words.Count == 0 && lists.SoftWords.Count == 0)
            return null;

        foundSoftWords.Clear();
        var hard = lists.Words.GetAlternateLookup<ReadOnlySpan<char>>();
        var soft = lists.SoftWords.GetAlternateLookup<ReadOnlySpan<char>>();
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

        return foundSoftWords.Count >= lists.SoftWordThreshold ? "soft_blacklisted" : null;
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

        return buffer.AsSpan(0, length).ContainsAny(lists.Subwords) ? "blacklisted_subword" : null;
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
