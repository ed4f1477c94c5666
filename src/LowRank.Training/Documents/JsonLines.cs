using System.Globalization;

namespace LowRank.Training.Documents;

/// <summary>Reads files of one JSON object a line; the document is the string in its member of the text. Blank lines are passed
/// over.</summary>
internal static class JsonLines
{
    /// <summary>The records of a stream, without those whose text is empty.</summary>
    /// <exception cref="InputException">The first line is not UTF-8, no JSON object or has no text; file and line are named.</exception>
    public static IEnumerable<TextRecord> ReadRecords(Stream stream, RecordReading reading)
    {
        var lines = new LineReader(stream, reading.File, cancellation: reading.Cancellation)
        {
            GoesOn = true,
            LargestLine = reading.Limits.LargestRecord,
        };
        while (TryRead(lines, reading, out var record))
        {
            if (record is { Text.Length: > 0 } read)
                yield return read;
        }
    }

    private static bool TryRead(LineReader lines, RecordReading reading, out TextRecord? record)
    {
        record = null;
        if (!lines.TryRead(out var line))
            return false;

        var place = string.Create(CultureInfo.InvariantCulture, $"Line {lines.Line}");
        if (lines.Fault is { } fault)
            reading.PassOver($"{place} of '{reading.File}' {Utf8Text.Fault(line) ?? reading.Limits.RecordFault}", fault);
        else if (!line.Trim(" \t"u8).IsEmpty)
            record = JsonRecord.Read(line, lines.Line, place, reading);

        return true;
    }
}
