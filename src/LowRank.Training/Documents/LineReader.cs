using System.Globalization;
using System.Text.Unicode;
using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads UTF-8 text line by line, checking every byte. A byte-order mark at the start is dropped. Lines end with <c>\n</c> or
/// <c>\r\n</c>.
/// </summary>
/// <param name="stream">The text; not closed.</param>
/// <param name="file">Its name, for errors.</param>
/// <param name="longestLine">Bytes after which a line is handed out in pieces, cut between characters.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class LineReader(Stream stream, string file, int longestLine = int.MaxValue, CancellationToken cancellation = default)
{
    /// <summary>So many bytes at the start show whether it is UTF-16.</summary>
    private const int HeadLength = 1024;

    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool finished;
    private bool begun;
    private byte[] head = [];

    /// <summary>Bytes of the stream before <see cref="start"/>.</summary>
    private long offset;

    /// <summary>The number of the line last read, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Whether a line that isn't text is handed out all the same, and <see cref="Fault"/> says so.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Bytes of a line that is handed out whole; of a longer one <see cref="Fault"/> says so, if reading goes on.</summary>
    public long LargestLine { get; init; } = long.MaxValue;

    /// <summary>What is wrong with the line last read; null for nothing.</summary>
    public UnusableTextException? Fault { get; private set; }

    /// <summary>Whether the line last read was ended, so that the next read begins a new one.</summary>
    public bool LineEnded { get; private set; } = true;

    /// <summary>The next line, or piece of one, without its end; valid until the next call. False at the end of the text.</summary>
    /// <exception cref="InputException">The bytes are not UTF-8, or a line does not fit into memory.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = start;
        int feed;
        while ((feed = buffer.AsSpan(searched..end).IndexOf((byte)'\n')) < 0 && end - start < longestLine && !finished)
        {
            var unsearched = end - start;
            if (unsearched > LargestLine)
                return SkipLine(out line);

            Fill();
            searched = start + unsearched;
        }

        SkipByteOrderMark();
        if (start == end)
        {
            line = default;
            return false;
        }

        Line += LineEnded ? 1 : 0;
        LineEnded = feed >= 0;
        var length = LineEnded ? searched + feed - start : end - start;
        if (!LineEnded && !finished)
            length = Utf8Text.LengthOfWholeCharacters(buffer.AsSpan(start, Math.Min(length, longestLine)));

        line = buffer.AsSpan(start, length);
        Fault = line.Length > LargestLine ? TooLong() : Check(line);
        if (Fault is not null && !GoesOn)
            throw Fault;

        var taken = length + (LineEnded ? 1 : 0);
        start += taken;
        offset += taken;
        line = LineEnded && line.EndsWith("\r"u8) ? line[..^1] : line;
        return true;
    }

    /// <summary>Passes over a line that is too long, without keeping it.</summary>
    private bool SkipLine(out ReadOnlySpan<byte> line)
    {
        line = default;
        Line += LineEnded ? 1 : 0;
        LineEnded = false;
        Fault = TooLong();
        if (!GoesOn)
            throw Fault;

        while (!LineEnded && (start < end || !finished))
        {
            var feed = buffer.AsSpan(start..end).IndexOf((byte)'\n');
            LineEnded = feed >= 0;
            var taken = LineEnded ? feed + 1 : end - start;
            start += taken;
            offset += taken;
            if (!LineEnded)
                Fill();
        }

        LineEnded = true;
        return true;
    }

    private UnusableTextException TooLong() =>
        new(
            "with lines that are too long",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Line {Line} of '{file}' is larger than {Quantity.Bytes(LargestLine)}; break it up, or leave it out."
            )
        );

    private void Fill()
    {
        cancellation.ThrowIfCancellationRequested();
        if (start > 0)
        {
            buffer.AsSpan(start..end).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length)
            Grow();

        var read = stream.Read(buffer.AsSpan(end));
        finished = read == 0;
        end += read;
        if (head.Length < HeadLength && offset == 0)
            head = buffer[start..Math.Min(end, start + HeadLength)];
    }

    private void Grow()
    {
        try
        {
            if (end < Array.MaxLength)
            {
                Array.Resize(ref buffer, (int)Math.Min(Array.MaxLength, 2L * buffer.Length));
                return;
            }
        }
        catch (OutOfMemoryException)
        {
            // A line of a gigabyte in a small memory: named as a longer one is.
        }

        throw new UnusableTextException(
            "with lines longer than fit into memory",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Line {Line + 1} of '{file}' is longer than {end} bytes, and more doesn't fit into memory or into two gigabytes; break it up."
            )
        );
    }

    private void SkipByteOrderMark()
    {
        if (!begun && buffer.AsSpan(start..end).StartsWith("\uFEFF"u8))
        {
            start += 3;
            offset += 3;
        }

        begun = true;
    }

    private UnusableTextException? Check(ReadOnlySpan<byte> line)
    {
        var zero = line.IndexOf((byte)0);
        if (zero < 0 && Utf8.IsValid(line))
            return null;

        // UTF-16 without its mark is UTF-8 with a zero in every character, where it is English.
        var wrong = Utf8Text.ValidPrefix(zero < 0 ? line : line[..zero]);
        var (reason, looks) = (Utf16Text.Looks(head), zero == wrong) switch
        {
            (true, _) => ("UTF-16", "not UTF-8 (it looks like UTF-16)"),
            (false, true) => ("binary", "no text (it looks binary)"),
            _ => ("not UTF-8", "not UTF-8"),
        };
        return new UnusableTextException(
            reason,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The text file '{file}' is {looks}: line {Line}, byte offset {offset + wrong}, holds the byte 0x{line[wrong]:X2}. Convert it to UTF-8, or leave it out."
            )
        );
    }
}
