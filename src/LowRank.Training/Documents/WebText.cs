using System.Buffers;
using System.Globalization;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads WET files, the texts of web pages in WARC records: a version line, headers, a blank line, and as many bytes as
/// <c>Content-Length</c> says (ISO 28500). A document is a record of the type <c>conversion</c> in plain text; others are skipped.
/// </summary>
internal sealed class WebText(Stream stream, RecordReading reading)
{
    private const string Damaged = "damaged or cut off";
    private const string NotText = "not UTF-8";

    /// <summary>No header is so long; what is, is no header.</summary>
    private const int LongestLine = 1 << 16;

    private const long LongestText = 1 << 30;

    private readonly ByteInput input = new(stream);
    private readonly ArrayBufferWriter<byte> content = new();
    private long number;

    /// <summary>The documents, without those whose text is empty.</summary>
    /// <exception cref="InputException">The file is no WET or ends within a record, or its first text is none.</exception>
    public IEnumerable<byte[]> ReadDocuments()
    {
        while (TryReadHeaders() is { } headers)
        {
            reading.Cancellation.ThrowIfCancellationRequested();
            var isText = headers.IsText && headers.Length <= LongestText;
            ReadContent(headers.Length, isText);
            if (headers.IsText && TakeText(isText) is { Length: > 0 } text)
                yield return text;
        }
    }

    /// <summary>The headers of the next record; null at the end of the file.</summary>
    private Headers? TryReadHeaders()
    {
        SkipBlankLines();
        if (!input.TryRequire(1))
            return null;

        number++;
        if (!input.TryRequire(5) || !input.Bytes.StartsWith("WARC/"u8))
        {
            throw number == 1
                ? new UnusableTextException(
                    "not what their ending says",
                    $"The file '{reading.File}' is no WET: it doesn't begin with WARC/1.0."
                )
                : Damage("doesn't begin with WARC/1.0");
        }

        ReadLine();
        long? length = null;
        var isConversion = false;
        var isPlain = true;
        while (true)
        {
            var line = ReadLine();
            if (line.IsEmpty)
                break;

            if (Value(line, "WARC-Type"u8) is [_, ..] type)
                isConversion = IsEqual(type, "conversion"u8);
            else if (Value(line, "Content-Type"u8) is [_, ..] media)
                isPlain = media.Length >= 10 && IsEqual(media[..10], "text/plain"u8);
            else if (Value(line, "Content-Length"u8) is [_, ..] digits)
                length = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        }

        return new Headers(length ?? throw Damage("has no Content-Length, or none that is a number"), isConversion && isPlain);
    }

    private void SkipBlankLines()
    {
        while (input.TryRequire(1) && input.Bytes[0] is (byte)'\r' or (byte)'\n')
            input.Skip(1);
    }

    /// <summary>A line without its end; valid until more is read.</summary>
    private ReadOnlySpan<byte> ReadLine()
    {
        for (var length = 128; ; length *= 2)
        {
            var isThere = input.TryRequire(length);
            var feed = input.Bytes.IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var line = input.Bytes[..feed];
                input.Skip(feed + 1);
                return line.EndsWith("\r"u8) ? line[..^1] : line;
            }

            if (!isThere || length > LongestLine)
                throw Damage(isThere ? "has a header that doesn't end" : "ends within its headers");
        }
    }

    private void ReadContent(long length, bool keep)
    {
        content.ResetWrittenCount();
        while (length > 0)
        {
            reading.Cancellation.ThrowIfCancellationRequested();
            if (!input.TryRequire(1))
                throw Damage("is shorter than its Content-Length says");

            var piece = input.Bytes[..(int)Math.Min(length, input.Bytes.Length)];
            if (keep)
                content.Write(piece);

            length -= piece.Length;
            input.Skip(piece.Length);
        }
    }

    private byte[]? TakeText(bool isKept)
    {
        var text = content.WrittenSpan;
        var fault = isKept ? Utf8Text.Fault(text) : "is longer than a gigabyte";
        if (fault is null)
        {
            reading.Accept();
            var trimmed = text.Trim("\r\n"u8).ToArray();
            return LineEnds.Normalize(trimmed).ToArray();
        }

        reading.PassOver(Place(fault), NotText, $"Make it anew, or leave it out.");
        return null;
    }

    private string Place(string what) => string.Create(CultureInfo.InvariantCulture, $"Record {number} of '{reading.File}' {what}");

    private UnusableTextException Damage(string what) => new(Damaged, $"{Place(what)}. Make it anew.");

    /// <summary>The value of a header; empty if it is another header.</summary>
    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && line[name.Length] == ':' && IsEqual(line[..name.Length], name)
            ? line[(name.Length + 1)..].Trim(" \t"u8)
            : [];

    private static bool IsEqual(ReadOnlySpan<byte> text, ReadOnlySpan<byte> other) => System.Text.Ascii.EqualsIgnoreCase(text, other);

    private sealed record Headers(long Length, bool IsText);
}
