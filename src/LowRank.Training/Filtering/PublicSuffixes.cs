using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace LowRank.Training.Filtering;

/// <summary>Which part of a host's name somebody has registered, such as example.co.uk of www.example.co.uk.</summary>
internal sealed class PublicSuffixes
{
    private const string PrivateDomains = "===BEGIN PRIVATE DOMAINS===";

    // What registries of countries mostly register under, where there is no list.
    private static readonly FrozenSet<string> SecondLevels = new[]
    {
        "ac",
        "co",
        "com",
        "edu",
        "go",
        "gob",
        "gov",
        "gouv",
        "ltd",
        "mil",
        "ne",
        "net",
        "nom",
        "or",
        "org",
        "plc",
        "sch",
    }.ToFrozenSet();

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789.");

    private readonly Rules? rules;

    private PublicSuffixes(Rules? rules) => this.rules = rules;

    /// <summary>Without a list: the last label, or two if the last is a country's and the one before it is one such as co.</summary>
    public static PublicSuffixes Common { get; } = new(null);

    /// <summary>By a list in the format of publicsuffix.org, without its private domains such as github.io, as in the reference.</summary>
    /// <exception cref="InputException">The file can't be read or holds no suffix.</exception>
    public static PublicSuffixes Read(string file)
    {
        var mapping = new IdnMapping();
        HashSet<string> suffixes = [];
        HashSet<string> wildcards = [];
        HashSet<string> exceptions = [];
        // A rule ends at the first white space; a comment begins with two slashes.
        foreach (var line in ListFile.Read([file]))
        {
            if (line.Contains(PrivateDomains, StringComparison.Ordinal))
                break;
            if (line.StartsWith("//", StringComparison.Ordinal))
                continue;
            var rule = line.Split((char[]?)null, 2)[0].ToLowerInvariant();
            var (kind, name) =
                rule.StartsWith("*.", StringComparison.Ordinal) ? (wildcards, rule[2..])
                : rule[0] == '!' ? (exceptions, rule[1..])
                : (suffixes, rule);
            kind.Add(name);
            kind.Add(Ascii(mapping, name));
        }

        if (suffixes.Count == 0)
            throw new InputException($"'{file}' holds no public suffix. Give a list in the format of publicsuffix.org, or none.");
        return new PublicSuffixes(new Rules(suffixes.ToFrozenSet(), wildcards.ToFrozenSet(), exceptions.ToFrozenSet()));
    }

    /// <summary>The registered domain of a host of lower case; none for a public suffix itself, an IP address and a single label.</summary>
    public ReadOnlySpan<char> RegisteredDomain(ReadOnlySpan<char> host)
    {
        if (host.IsEmpty || host.Contains(':') || !host.ContainsAnyExcept(AddressCharacters))
            return [];

        var suffix = SuffixStart(host);
        if (suffix <= 1)
            return [];
        var before = host[..(suffix - 1)].LastIndexOf('.');
        return host[(before + 1)..];
    }

    // Where the longest public suffix begins; the length if there is none.
    private int SuffixStart(ReadOnlySpan<char> host)
    {
        var last = host.LastIndexOf('.') + 1;
        if (rules is null)
        {
            var before = last < 2 ? 0 : host[..(last - 1)].LastIndexOf('.') + 1;
            var isCountry = host.Length - last == 2;
            return isCountry && last > 1 && SecondLevels.GetAlternateLookup<ReadOnlySpan<char>>().Contains(host[before..(last - 1)])
                ? before
                : last;
        }

        // From the whole name on, so that the longest rule comes first.
        var suffixes = rules.Suffixes.GetAlternateLookup<ReadOnlySpan<char>>();
        var wildcards = rules.Wildcards.GetAlternateLookup<ReadOnlySpan<char>>();
        var exceptions = rules.Exceptions.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var start = 0; start < host.Length; )
        {
            var dot = host[start..].IndexOf('.');
            var next = dot < 0 ? host.Length : start + dot + 1;
            if (exceptions.Contains(host[start..]))
                return next;
            if (suffixes.Contains(host[start..]) || wildcards.Contains(host[next..]))
                return start;
            start = next;
        }

        // No registry has it: nobody can have registered anything.
        return 0;
    }

    private static string Ascii(IdnMapping mapping, string name)
    {
        try
        {
            return mapping.GetAscii(name);
        }
        catch (ArgumentException)
        {
            // Not a name that hosts can have.
            return name;
        }
    }

    private sealed record Rules(FrozenSet<string> Suffixes, FrozenSet<string> Wildcards, FrozenSet<string> Exceptions);
}
