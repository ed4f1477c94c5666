using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace LowRank.Training.Documents;

/// <summary>
/// A server's answer as a crawler kept it: status, headers, and a body that may be chunked and compressed (RFC 9112, RFC 9110). Many
/// crawlers undo both and leave the headers as they were, so a body that isn't what they say is taken as it is.
/// </summary>
internal sealed class HttpAnswer
{
    /// <summary>No page names more; each is undone in turn.</summary>
    private const int MostEncodings = 4;

    private readonly List<string> encodings = [];
    private bool isChunked;

    private HttpAnswer() { }

    /// <summary>Such as 200; 0 if it begins with no status line.</summary>
    public int Status { get; private set; }

    /// <summary>The media type, without parameters, in small letters; empty if none is given.</summary>
    public string Media { get; private set; } = "";

    /// <summary>The name of the encoding of its text; null if none is given.</summary>
    public string? Charset { get; private set; }

    /// <summary>Where the body begins.</summary>
    private int Start { get; set; }

    /// <summary>Reads status and headers, up to the first blank line.</summary>
    public static HttpAnswer Read(ReadOnlySpan<byte> bytes)
    {
        var answer = new HttpAnswer();
        var rest = bytes;
        if (TakeLine(ref rest) is var status && status.StartsWith("HTTP/"u8) && status.IndexOf((byte)' ') is > 0 and var space)
        {
            var digits = status[(space + 1)..].TrimStart((byte)' ');
            answer.Status = int.TryParse(
                digits[..Math.Min(3, digits.Length)],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var code
            )
                ? code
                : 0;
        }

        while (TakeLine(ref rest) is [_, ..] line)
            answer.TakeHeader(line);

        answer.Start = bytes.Length - rest.Length;
        return answer;
    }

    /// <summary>The body as it was before it was sent; null if it can't be had, or is larger than <paramref name="limit"/>.</summary>
    /// <param name="bytes">The whole answer.</param>
    /// <param name="limit">The most bytes of the body at any step.</param>
    public byte[]? ReadBody(ReadOnlySpan<byte> bytes, int limit)
    {
        var body = bytes[Start..];
        byte[]? result = isChunked ? Unchunk(body) : body.ToArray();
        if (encodings.Count > MostEncodings)
            return null;

        for (var index = encodings.Count - 1; index >= 0 && result is not null; index--)
            result = Decompress(result, encodings[index], limit);

        return result?.Length <= limit ? result : null;
    }

    private void TakeHeader(ReadOnlySpan<byte> line)
    {
        if (HeaderField.Value(line, "Content-Type"u8) is [_, ..] media)
        {
            Media = WarcHeaders.MediaType(media);
            Charset = FindCharset(media);
        }
        else if (HeaderField.Value(line, "Transfer-Encoding"u8) is [_, ..] transfer)
        {
            isChunked = Text(transfer).Contains("chunked", StringComparison.Ordinal);
        }
        else if (HeaderField.Value(line, "Content-Encoding"u8) is [_, ..] content)
        {
            encodings.AddRange(Text(content).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static string? FindCharset(ReadOnlySpan<byte> media)
    {
        foreach (var part in Text(media).Split(';', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("charset=", StringComparison.Ordinal))
                return part["charset=".Length..].Trim('"', '\'', ' ');
        }

        return null;
    }

    /// <summary>The chunks behind one another; the body itself if it has none.</summary>
    private static byte[] Unchunk(ReadOnlySpan<byte> body)
    {
        var whole = new MemoryStream();
        var rest = body;
        while (TakeLine(ref rest) is [_, ..] line)
        {
            var end = line.IndexOf((byte)';');
            var digits = (end < 0 ? line : line[..end]).Trim(" \t"u8);
            if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) || length < 0)
                return whole.Length == 0 ? body.ToArray() : whole.ToArray();
            if (length == 0)
                break;

            // The last chunk of an answer that was cut off.
            length = Math.Min(length, rest.Length);
            whole.Write(rest[..length]);
            rest = rest[length..];
            TakeLine(ref rest);
        }

        return whole.ToArray();
    }

    private static byte[]? Decompress(byte[] body, string encoding, int limit)
    {
        var source = new MemoryStream(body);
        using Stream? stream = (encoding, body) switch
        {
            ("gzip" or "x-gzip", [0x1F, 0x8B, ..]) => new GZipStream(source, CompressionMode.Decompress),
            // A header of zlib is a multiple of 31; some servers send bare deflate.
            ("deflate", [var first, var second, ..]) when ((first << 8) | second) % 31 == 0 && (first & 15) == 8 => new ZLibStream(
                source,
                CompressionMode.Decompress
            ),
            ("deflate", [not (byte)'<', ..]) => new DeflateStream(source, CompressionMode.Decompress),
            ("br", [not (byte)'<', ..]) => new BrotliStream(source, CompressionMode.Decompress),
            _ => null,
        };
        if (stream is null)
            return encoding is "gzip" or "x-gzip" or "deflate" or "br" or "identity" ? body : null;

        try
        {
            return ReadToLimit(stream, limit);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private static byte[]? ReadToLimit(Stream stream, int limit)
    {
        var result = new MemoryStream();
        var block = new byte[1 << 14];
        while (stream.Read(block) is > 0 and var read)
        {
            if (result.Length + read > limit)
                return null;

            result.Write(block, 0, read);
        }

        return result.ToArray();
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> rest)
    {
        var feed = rest.IndexOf((byte)'\n');
        var line = feed < 0 ? rest : rest[..feed];
        rest = feed < 0 ? [] : rest[(feed + 1)..];
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value).ToLowerInvariant();
}
