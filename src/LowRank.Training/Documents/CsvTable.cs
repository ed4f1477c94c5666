using System.Globalization;
using System.Text;

namespace LowRank.Training.Documents;

/// <summary>Reads <c>.csv</c> files with a header; the document is the field in the column of the text.</summary>
internal static class CsvTable
{
    /// <summary>The records of a stream, without those whose text is empty.</summary>
    /// <exception cref="InputException">Its header is not UTF-8 or lacks the column, or its first record is broken.</exception>
    public static IEnumerable<TextRecord> ReadRecords(Stream stream, RecordReading reading)
    {
        var lines = new LineReader(stream, reading.File, cancellation: reading.Cancellation)
        {
            GoesOn = true,
            LargestLine = reading.Limits.LargestRecord,
        };
        var records = new CsvReader(reading.File, lines, reading.Limits);
        if (!records.TryRead())
            yield break;

        var header = ReadHeader(records, reading);
        while (records.TryRead())
        {
            reading.Cancellation.ThrowIfCancellationRequested();
            if (Read(records, header, reading) is { Text.Length: > 0 } record)
                yield return record;
        }
    }

    private static Header ReadHeader(CsvReader records, RecordReading reading)
    {
        if (records.NoText is { } noText)
            throw noText;

        string[] names = [.. Enumerable.Range(0, records.Count).Select(index => Encoding.UTF8.GetString(records.Field(index)))];
        var column = reading.Columns.FirstOrDefault(names.Contains);
        var found = names.Count(name => name == column);
        if (records.Fault is not null || found != 1)
        {
            var what = found == 0 ? $"has no column {TableColumns.Choice(reading)}" : $"has the column \"{column}\" twice";
            throw TableColumns.Refusal("The header", records.Fault ?? what, names, reading.File);
        }

        var told = names.Index().Where(name => name.Item != column && RecordMetadata.IsKnown(name.Item)).Select(name => name.Index);
        return new Header(names, Array.IndexOf(names, column), reading.WithMetadata ? [.. told] : []);
    }

    private static TextRecord? Read(CsvReader records, Header header, RecordReading reading)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"The record at line {records.Line} of '{reading.File}'");
        if (records.NoText is { } noText)
        {
            reading.PassOver($"{place} is no UTF-8 text, or too large", noText);
            return null;
        }

        var fault = records.Fault;
        if (fault is null && records.Count != header.Names.Length)
        {
            fault = string.Create(
                CultureInfo.InvariantCulture,
                $"has another number of fields ({records.Count}) than the header ({header.Names.Length})"
            );
        }

        if (fault is not null)
        {
            reading.PassOver(
                $"{place} {fault}",
                TableColumns.Reason,
                $"Fields with commas, quotes or line ends must stand in quotes, and quotes within them be doubled."
            );
            return null;
        }

        reading.Accept();
        var metadata = reading.NewMetadata();
        foreach (var index in header.Told)
            metadata!.Offer(Encoding.UTF8.GetBytes(header.Names[index]), records.Field(index));

        return new TextRecord(records.Field(header.Column).ToArray(), records.Line, metadata);
    }

    /// <param name="Names">The columns' names.</param>
    /// <param name="Column">That of the text.</param>
    /// <param name="Told">Those that say something of it.</param>
    private sealed record Header(string[] Names, int Column, int[] Told);
}
