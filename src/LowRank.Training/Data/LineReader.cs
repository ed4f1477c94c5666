using System.Globalization;
using System.Text.Unicode;

namespace LowRank.Training.Data;

/// <summary>
/// Reads UTF-8 text line by line, checking every byte. A byte-order mark at the start is dropped. Lines end with <c>\n</c> or
/// <c>\r\n</c>.
/// </summary>
/// <param name="stream">The text; not closed.</param>
/// <param name="file">Its name, for errors.</param>
/// <param name="longestLine">Bytes after which a line is handed out in pieces, cut between characters.</param>
internal sealed class LineReader(Stream stream, string file, int longestLine = int.MaxValue)
{
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool finished;
    private bool begun;

    /// <summary>Bytes of the stream before <see cref="start"/>.</summary>
    private long offset;

    /// <summary>The number of the line last read, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Whether the line last read was ended, so that the next read begins a new one.</summary>
    public bool LineEnded { get; private set; } = true;

    /// <summary>The next line, or piece of one, without its end; valid until the next call. False at the end of the text.</summary>
    /// <exception cref="InputException">The bytes are not UTF-8, or a line does not fit into memory.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = start;
        int feed;
        while ((feed = buffer.AsSpan(searched..end).IndexOf((byte)'\n')) < 0 && end - start < longestLine && !finished)
        {
            int unsearched = end - start;
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
        int length = LineEnded ? searched + feed - start : end - start;
        if (!LineEnded && !finished)
        {
            length = Utf8Text.LengthOfWholeCharacters(buffer.AsSpan(start, Math.Min(length, longestLine)));
        }

        line = buffer.AsSpan(start, length);
        Check(line);
        int taken = length + (LineEnded ? 1 : 0);
        start += taken;
        offset += taken;
        line = LineEnded && line.EndsWith("\r"u8) ? line[..^1] : line;
        return true;
    }

    private void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start..end).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == Array.MaxLength)
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture, $"Line {Line + 1} of '{file}' is longer than two gigabytes; break it up."));
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, (int)Math.Min(Array.MaxLength, 2L * buffer.Length));
        }

        int read = stream.Read(buffer.AsSpan(end));
        finished = read == 0;
        end += read;
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

    private void Check(ReadOnlySpan<byte> line)
    {
        if (Utf8.IsValid(line))
        {
            return;
        }

        int valid = Utf8Text.ValidPrefix(line);
        string hint = offset + valid == 0 && line.Length > 1 && line[0] is 0xFF or 0xFE ? " (it looks like UTF-16)" : "";
        throw new InputException(string.Create(
            CultureInfo.InvariantCulture,
            $"The text file '{file}' is not UTF-8{hint}: line {Line}, byte offset {offset + valid}, holds the byte 0x{line[valid]:X2}. Convert it to UTF-8, or leave it out."));
    }
}
