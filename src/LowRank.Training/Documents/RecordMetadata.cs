using System.Globalization;
using System.Text;

namespace LowRank.Training.Documents;

/// <summary>
/// What a record says of its text beside it, gathered from members of many names: collections call the same thing differently, and of
/// several that are there the more exact one counts.
/// </summary>
internal sealed class RecordMetadata
{
    /// <summary>No address is so long; what is, is something else.</summary>
    private const int LongestValue = 1 << 14;

    /// <summary>Names of members, compared without case, in the order of preference.</summary>
    private static readonly string[][] Names =
    [
        ["id", "warc-record-id"],
        ["url", "warc-target-uri"],
        ["date", "timestamp", "warc-date", "created", "added"],
        // The last two hold it within longer texts.
        ["dump", "warcinfo", "file_path"],
        ["language"],
        ["language_score"],
    ];

    private readonly string?[] values = new string?[Names.Length];
    private readonly int[] ranks = [.. Enumerable.Repeat(int.MaxValue, Names.Length)];

    /// <summary>FineWeb, Dolma and WARC have one.</summary>
    public string? Id => values[0];

    /// <summary>The address of the page.</summary>
    public string? Url => values[1];

    /// <summary>FineWeb's <c>date</c>, C4's and RefinedWeb's <c>timestamp</c>, Dolma's <c>created</c>, else when it was added.</summary>
    public string? Date => values[2];

    /// <summary>The crawl, also from a <c>warcinfo</c> or a path within the crawl's archive.</summary>
    public string? Dump => values[3];

    /// <summary>The language that somebody has found it to be in.</summary>
    public string? Language => values[4];

    /// <summary>How sure that is.</summary>
    public double? LanguageScore =>
        double.TryParse(values[5], NumberStyles.Float, CultureInfo.InvariantCulture, out var score) ? score : null;

    /// <summary>Whether a member, or column, of that name says something.</summary>
    public static bool IsKnown(string name) => Array.Exists(Names, names => names.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Objects in which some collections keep what they say of a text.</summary>
    public static bool HoldsMore(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "metadata"u8)
        || Ascii.EqualsIgnoreCase(name, "meta"u8)
        || Ascii.EqualsIgnoreCase(name, "warc_headers"u8);

    /// <summary>Whether the value of a member of that name would be taken.</summary>
    public bool Wants(ReadOnlySpan<byte> name) => Find(name) is var (slot, rank) && slot >= 0 && rank < ranks[slot];

    /// <summary>Takes the value of a member, unless another one is better or it is empty; bytes that are no UTF-8 say nothing.</summary>
    public void Offer(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > LongestValue || !System.Text.Unicode.Utf8.IsValid(value) || !Wants(name))
            return;

        var (slot, rank) = Find(name);
        var text = Encoding.UTF8.GetString(value);
        if (slot == 3 && rank > 0)
            text = CrawlName.Within(text);
        if (text is null)
            return;

        values[slot] = text;
        ranks[slot] = rank;
    }

    /// <summary>The same for a value that is already text.</summary>
    public void Offer(string name, string? value)
    {
        if (value is { Length: <= LongestValue })
            Offer(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
    }

    private static (int Slot, int Rank) Find(ReadOnlySpan<byte> name)
    {
        for (var slot = 0; slot < Names.Length; slot++)
        {
            for (var rank = 0; rank < Names[slot].Length; rank++)
            {
                if (name.Length == Names[slot][rank].Length && Ascii.EqualsIgnoreCase(name, Names[slot][rank]))
                    return (slot, rank);
            }
        }

        return (-1, 0);
    }
}
