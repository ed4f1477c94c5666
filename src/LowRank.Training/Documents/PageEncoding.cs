using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace LowRank.Training.Documents;

/// <summary>
/// In which encoding the bytes of a page are, in the order of the HTML standard: a byte-order mark, what the server said, what the page
/// says in its first kilobyte, what the bytes look like, and windows-1252.
/// </summary>
internal static partial class PageEncoding
{
    private const int Windows1252 = 1252;
    private const int HeadLength = 1024;

    /// <summary>More wrong characters than one in so many, and the page isn't in the encoding that it declares.</summary>
    private const int RightPerWrong = 100;

    /// <summary>Labels that .NET takes for another encoding than browsers do, or doesn't know.</summary>
    private static readonly Dictionary<string, int> Labels = new(StringComparer.Ordinal)
    {
        ["ascii"] = Windows1252,
        ["us-ascii"] = Windows1252,
        ["iso-8859-1"] = Windows1252,
        ["iso8859-1"] = Windows1252,
        ["iso_8859-1"] = Windows1252,
        ["latin1"] = Windows1252,
        ["latin-1"] = Windows1252,
        ["l1"] = Windows1252,
        ["cp1252"] = Windows1252,
        ["iso-8859-9"] = 1254,
        ["iso8859-9"] = 1254,
        ["latin5"] = 1254,
        ["iso-8859-11"] = 874,
        ["tis-620"] = 874,
        ["gb2312"] = 54936,
        ["gbk"] = 54936,
        ["x-gbk"] = 54936,
        ["sjis"] = 932,
        ["x-sjis"] = 932,
        ["windows-31j"] = 932,
        ["ms_kanji"] = 932,
        ["euc-kr"] = 949,
        ["ks_c_5601-1987"] = 949,
        ["utf8"] = 65001,
        ["unicode-1-1-utf-8"] = 65001,
        // UTF-7 has no place on the web, and would hide markup.
        ["utf-7"] = Windows1252,
    };

    /// <summary>The text of a page; null if too much of it is no text in the encoding that it is said to be in.</summary>
    /// <param name="bytes">The page.</param>
    /// <param name="charset">What the server said; null for nothing.</param>
    public static string? Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            return WithoutFaults(Encoding.UTF8, bytes[3..]);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return WithoutFaults(Encoding.Unicode, bytes[2..]);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return WithoutFaults(Encoding.BigEndianUnicode, bytes[2..]);

        var declared = (charset is null ? null : Find(charset)) ?? FindInPage(bytes);
        var whole = bytes[..Utf8Text.LengthOfWholeCharacters(bytes)];

        // What is UTF-8 by chance in an encoding of one byte a character is hardly ever a text.
        if (declared is null or { IsSingleByte: true } && Utf8.IsValid(whole))
            return Encoding.UTF8.GetString(whole);

        declared ??= CodePagesEncodingProvider.Instance.GetEncoding(Windows1252)!;
        return WithoutFaults(declared, declared.CodePage == Encoding.UTF8.CodePage ? whole : bytes);
    }

    private static string? WithoutFaults(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        var text = encoding.GetString(bytes);
        return text.AsSpan().Count('\uFFFD') * RightPerWrong <= text.Length ? text : null;
    }

    /// <summary>What the page's head says, in letters of ASCII.</summary>
    private static Encoding? FindInPage(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, HeadLength)]);
        return Declaration().Match(head) is { Success: true } match && Find(match.Groups["name"].Value) is { } encoding
            // A page in UTF-16 couldn't have been read so far.
            ? encoding.CodePage is 1200 or 1201 or 12000 or 12001
                ? Encoding.UTF8
                : encoding
            : null;
    }

    private static Encoding? Find(string label)
    {
        var name = label.Trim().ToLowerInvariant();
        try
        {
            // Its names know those of every encoding that the runtime has built in as well, but for the aliases above.
            return Labels.TryGetValue(name, out var page)
                ? (page == Encoding.UTF8.CodePage ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(page))
                : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        """<meta\b[^>]*?charset\s*=\s*["']?\s*(?<name>[A-Za-z0-9_:.+-]+)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Declaration();
}
