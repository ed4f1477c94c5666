using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads <c>.csv</c> files with a header; the document is the field in the column of the text, or all fields as a JSON object of texts.
/// </summary>
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
        if (reading.Whole)
            return WholeHeader(records, names, reading);
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

    private static Header WholeHeader(CsvReader records, string[] names, RecordReading reading)
    {
        var twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if ((records.Fault ?? (twice is null ? null : $"has the column \"{twice}\" twice")) is { } fault)
            throw new UnusableTextException(
                TableColumns.Reason,
                $"The header of '{reading.File}' {fault}; there is {TableColumns.Listed([.. names.Select(name => $"\"{name}\"")])}. Give each column a name of its own."
            );
        return new Header(names, Column: 0, Told: []);
    }

    private static byte[] Whole(CsvReader records, Header header)
    {
        var content = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(content, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (var index = 0; index < header.Names.Length; index++)
                json.WriteString(header.Names[index], records.Field(index));
            json.WriteEndObject();
        }

        return content.WrittenSpan.ToArray();
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

        if (reading.Whole)
            return new TextRecord(Whole(records, header), records.Line);
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
