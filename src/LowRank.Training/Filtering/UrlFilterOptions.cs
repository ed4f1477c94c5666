namespace LowRank.Training.Filtering;

/// <summary>
/// Files of what addresses are dropped for, one entry per line; lines that begin with # are comments. No list comes with the library.
/// </summary>
internal sealed record UrlFilterOptions
{
    /// <summary>Files of domains: registered ones, with all that lies under them, or single hosts.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Files of whole addresses.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Files of words one of which is enough.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Files of words that only count together.</summary>
    public IReadOnlyList<string> SoftWords { get; init; } = [];

    /// <summary>How many different ones of <see cref="SoftWords"/> are enough.</summary>
    public int SoftWordThreshold { get; init; } = 2;

    /// <summary>Files of what must not occur anywhere among an address' letters and digits.</summary>
    public IReadOnlyList<string> Subwords { get; init; } = [];

    /// <summary>
    /// A file of public suffixes in the format of publicsuffix.org, by which registered domains are found. Without one, a domain is
    /// registered under its last label, or under two such as co.uk.
    /// </summary>
    public string? PublicSuffixes { get; init; }
}
