using System.Text;

namespace LowRank.Training.Documents;

/// <summary>Lines such as <c>Content-Type: text/html</c>, in records of WARC and in answers of HTTP.</summary>
internal static class HeaderField
{
    /// <summary>The value of the header; empty if the line is another one, or it has none.</summary>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name)
            ? line[(name.Length + 1)..].Trim(" \t"u8)
            : [];
}
