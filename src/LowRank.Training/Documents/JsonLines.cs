using System.Globalization;

namespace LowRank.Training.Documents;

/// <summary>Reads files of one JSON object a line; the document is the string in its member of the text. Blank lines are passed
/// over.</summary>
internal static class JsonLines
{
    /// <summary>The documents of a stream, without those whose text is empty.</summary>
    /// <exception cref="InputException">A line is not UTF-8, or the first is no JSON object or has no text; file and line are
    /// named.</exception>
    public static IEnumerable<byte[]> ReadDocuments(Stream stream, RecordReading reading)
    {
        var lines = new LineReader(stream, reading.File, cancellation: reading.Cancellation);
        while (TryReadText(lines, reading, out var text))
        {
            if (text is { Length: > 0 })
                yield return text;
        }
    }

    private static bool TryReadText(LineReader lines, RecordReading reading, out byte[]? text)
    {
        text = null;
        if (!lines.TryRead(out var line))
            return false;

        if (!line.Trim(" \t"u8).IsEmpty)
            text = JsonRecord.Read(line, string.Create(CultureInfo.InvariantCulture, $"Line {lines.Line}"), reading);

        return true;
    }
}
