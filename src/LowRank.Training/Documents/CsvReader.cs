using System.Buffers;
using System.Globalization;
using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads comma-separated values as RFC 4180 has them: a field in quotes may hold commas, line ends and doubled quotes. Lines may end with
/// <c>\n</c> too, and blank ones are passed over.
/// </summary>
internal sealed class CsvReader(string file, LineReader lines, ReadingLimits limits)
{
    private readonly ArrayBufferWriter<byte> content = new();
    private readonly List<int> ends = [];

    /// <summary>The line that the record begins with, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>What is wrong with the record; null for nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>Why it is no text; null if it is one.</summary>
    public UnusableTextException? NoText { get; private set; }

    /// <summary>Number of its fields.</summary>
    public int Count => ends.Count;

    /// <summary>A field of the record without its quotes, lines ended by <c>\n</c>; valid until the next record is read.</summary>
    public ReadOnlySpan<byte> Field(int index) => content.WrittenSpan[(index == 0 ? 0 : ends[index - 1])..ends[index]];

    /// <summary>Reads the next record; false at the end of the file.</summary>
    /// <exception cref="InputException">The file ends within quotes.</exception>
    public bool TryRead()
    {
        ReadOnlySpan<byte> line;
        do
        {
            if (!lines.TryRead(out line))
                return false;
        } while (line.IsEmpty && lines.Fault is null);

        content.ResetWrittenCount();
        ends.Clear();
        Line = lines.Line;
        Fault = null;
        NoText = lines.Fault;
        var more = true;
        while (more)
        {
            line = line is [(byte)'"', ..] ? ReadQuoted(line[1..]) : ReadPlain(line);
            ends.Add(content.WrittenCount);
            more = line is [(byte)',', ..];
            line = more ? line[1..] : line;
        }

        return true;
    }

    /// <summary>Takes a field up to a comma or the line's end, and gives what is left from there.</summary>
    private ReadOnlySpan<byte> ReadPlain(ReadOnlySpan<byte> line)
    {
        var rest = ToComma(line);
        var field = line[..^rest.Length];
        if (field.Contains((byte)'"'))
            Fault ??= "has a quote within a field that isn't in quotes";

        content.Write(field);
        return rest;
    }

    /// <summary>The same for a field whose opening quote was read, and which may go on over further lines.</summary>
    private ReadOnlySpan<byte> ReadQuoted(ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var quote = line.IndexOf((byte)'"');
            content.Write(quote < 0 ? line : line[..quote]);
            if (quote < 0)
            {
                content.Write("\n"u8);

                // Quotes that are never closed take in all that follows.
                if (content.WrittenCount > limits.LargestRecord)
                    throw Unclosed($"more than {Quantity.Bytes(limits.LargestRecord)} follow");
                if (!lines.TryRead(out line))
                    throw Unclosed("the file ends");
                NoText ??= lines.Fault;
                continue;
            }

            line = line[(quote + 1)..];
            if (line is not [(byte)'"', ..])
                break;

            content.Write("\""u8);
            line = line[1..];
        }

        if (line is not ([] or [(byte)',', ..]))
            Fault ??= "has something behind the quotes of a field";

        return ToComma(line);
    }

    private static ReadOnlySpan<byte> ToComma(ReadOnlySpan<byte> line)
    {
        var comma = line.IndexOf((byte)',');
        return comma < 0 ? [] : line[comma..];
    }

    private UnusableTextException Unclosed(string what) =>
        new(
            "with quotes that aren't closed",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The table '{file}' opens quotes in the record at line {Line}, and {what} before they are closed. Make it anew, or double the quotes within fields."
            )
        );
}
