using System.Buffers;
using System.Globalization;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads the records of a WARC file (ISO 28500) one after another: a version line, headers, a blank line, and as many bytes as
/// <c>Content-Length</c> says.
/// </summary>
internal sealed class WarcReader(Stream stream, RecordReading reading)
{
    private const string Damaged = "damaged or cut off";

    /// <summary>No header is so long; what is, is no header.</summary>
    private const int LongestLine = 1 << 16;

    private readonly ByteInput input = new(stream);
    private readonly ArrayBufferWriter<byte> content = new();

    /// <summary>The number of the record last begun, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The content of the record last read; valid until the next is begun.</summary>
    public ReadOnlySpan<byte> Content => content.WrittenSpan;

    /// <summary>The headers of the next record; null at the end of the file. Its content must be read or skipped next.</summary>
    /// <exception cref="InputException">The file is no WARC, or ends within the headers.</exception>
    public WarcHeaders? TryReadHeaders()
    {
        reading.Cancellation.ThrowIfCancellationRequested();
        SkipBlankLines();
        if (!input.TryRequire(1))
            return null;

        Number++;
        if (!input.TryRequire(5) || !input.Bytes.StartsWith("WARC/"u8))
        {
            throw Number == 1
                ? new UnusableTextException(
                    "not what their ending says",
                    $"The file '{reading.File}' is no {Path.GetExtension(CompressedFile.NameWithin(reading.File)).TrimStart('.').ToUpperInvariant()}: it doesn't begin with WARC/1.0."
                )
                : Damage("doesn't begin with WARC/1.0");
        }

        ReadLine();
        var headers = new WarcHeaders();
        while (ReadLine() is [_, ..] line)
            headers.Take(line);

        return headers.Length is null ? throw Damage("has no Content-Length, or none that is a number") : headers;
    }

    /// <summary>Reads the content of the record whose headers were read, or skips it.</summary>
    /// <exception cref="InputException">The file ends within it.</exception>
    public void ReadContent(long length, bool keep)
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

    /// <summary>Where the record is and what is wrong with it, without a full stop.</summary>
    public string Place(string what) => string.Create(CultureInfo.InvariantCulture, $"Record {Number} of '{reading.File}' {what}");

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

    private UnusableTextException Damage(string what) => new(Damaged, $"{Place(what)}. Make it anew.");
}
