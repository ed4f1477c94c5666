using System.Globalization;
using System.Text;

namespace LowRank.Training.Documents;

/// <summary>Reads <c>.csv</c> files with a header; the document is the field in the column of the text.</summary>
internal static class CsvTable
{
    /// <summary>The documents of a stream, without those whose text is empty.</summary>
    /// <exception cref="InputException">The file is not UTF-8, its header lacks the column, or its first record is broken.</exception>
    public static IEnumerable<byte[]> ReadDocuments(Stream stream, RecordReading reading)
    {
        var records = new CsvReader(reading.File, new LineReader(stream, reading.File, cancellation: reading.Cancellation));
        if (!records.TryRead())
            yield break;

        var (column, columns) = ReadHeader(records, reading);
        while (records.TryRead())
        {
            reading.Cancellation.ThrowIfCancellationRequested();
            if (ReadText(records, column, columns, reading) is { Length: > 0 } text)
                yield return text;
        }
    }

    private static (int Column, int Columns) ReadHeader(CsvReader records, RecordReading reading)
    {
        string[] names = [.. Enumerable.Range(0, records.Count).Select(index => Encoding.UTF8.GetString(records.Field(index)))];
        var found = names.Count(name => name == reading.Column);
        if (records.Fault is null && found == 1)
            return (Array.IndexOf(names, reading.Column), names.Length);

        var what = records.Fault ?? (found == 0 ? $"has no column \"{reading.Column}\"" : $"has the column \"{reading.Column}\" twice");
        throw TableColumns.Refusal("The header", what, names, reading.File);
    }

    private static byte[]? ReadText(CsvReader records, int column, int columns, RecordReading reading)
    {
        var fault =
            records.Fault
            ?? (
                records.Count == columns
                    ? null
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"has another number of fields ({records.Count}) than the header ({columns})"
                    )
            );
        if (fault is null)
        {
            reading.Accept();
            return records.Field(column).ToArray();
        }

        reading.PassOver(
            string.Create(CultureInfo.InvariantCulture, $"The record at line {records.Line} of '{reading.File}' {fault}"),
            TableColumns.Reason,
            $"Fields with commas, quotes or line ends must stand in quotes, and quotes within them be doubled."
        );
        return null;
    }
}
