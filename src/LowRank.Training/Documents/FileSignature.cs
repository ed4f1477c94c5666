using System.Text.Unicode;

namespace LowRank.Training.Documents;

/// <summary>What the first bytes of a file say that it is.</summary>
internal static class FileSignature
{
    public const string Gzip = "gzip";
    public const string Zstandard = "zstd";
    public const string PlainText = "plain text";

    /// <summary>As many bytes as are looked at.</summary>
    public const int Length = 512;

    // None begins a text: each holds a byte that UTF-8 lacks or a control character, or is as long as no word.
    private static readonly (byte[] Bytes, string Name)[] Known =
    [
        ([0x1F, 0x8B], Gzip),
        ([0x28, 0xB5, 0x2F, 0xFD], Zstandard),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"),
        ([.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
        ([.. "PK"u8, 0x03, 0x04], "a zip archive"),
        ([.. "Rar!"u8, 0x1A, 0x07], "a rar archive"),
        ([0x04, 0x22, 0x4D, 0x18], "lz4"),
        ([0x1F, 0x9D], "compress (.Z)"),
        ([.. "LZIP"u8, 0x01], "lzip"),
        ([.. "%PDF-"u8], "a PDF"),
        ([.. "SQLite format 3"u8, 0x00], "an SQLite database"),
    ];

    /// <summary>A name such as <see cref="Gzip"/>; <see cref="PlainText"/> for UTF-8; null if it can't be told.</summary>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        foreach (var (bytes, name) in Known)
        {
            if (head.StartsWith(bytes))
                return name;
        }

        if (IsSkippableFrame(head))
            return Zstandard;

        if (
            head.StartsWith("BZh"u8)
            && head.Length > 10
            && head[4..10].SequenceEqual((ReadOnlySpan<byte>)[0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
        )
        {
            return "bzip2";
        }

        return !head.IsEmpty && !head.Contains((byte)0) && Utf8.IsValid(head[..Utf8Text.LengthOfWholeCharacters(head)]) ? PlainText : null;
    }

    /// <summary>Zstandard's frames without content: sixteen marks that differ in four bits.</summary>
    private static bool IsSkippableFrame(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && (head[0] & 0xF0) == 0x50 && head[1] == 0x2A && head[2] == 0x4D && head[3] == 0x18;
}
