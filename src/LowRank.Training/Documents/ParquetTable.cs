using System.Globalization;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads Parquet files; the document is the string in the column of the text. Of a file one row group's text is in memory at a time, and
/// other columns are not read.
/// </summary>
internal static class ParquetTable
{
    /// <summary>The records of a file, without those whose text is empty or missing.</summary>
    /// <param name="file">The file, which is read from its end on, and stays open.</param>
    /// <param name="reading">The reading.</param>
    /// <exception cref="InputException">It is no Parquet file, is damaged, lacks the column, or its first text is none.</exception>
    public static IEnumerable<TextRecord> ReadRecords(Stream file, RecordReading reading)
    {
        var table = Guard(reading, () => Open(file, reading.Cancellation));
        try
        {
            if (reading.Whole)
            {
                foreach (var record in new ParquetRecords(file, table, reading).ReadRecords())
                    yield return record;
                yield break;
            }

            // It is made of the description only now.
            var schema = Guard(reading, () => Task.FromResult(table.Schema));
            var column = FindColumn(schema, reading);
            var told = reading.WithMetadata ? ParquetMetadata.Columns(schema, column.Name) : [];
            var row = 0L;
            for (var group = 0; group < table.RowGroupCount; group++)
            {
                Guard(reading, () => Check(file, table.Metadata!.RowGroups[group], [column, .. told], reading.Limits));
                var texts = Guard(reading, () => ReadGroup(table, group, column, reading.Cancellation));
                var metadata = told.Count == 0 ? null : Guard(reading, () => ParquetMetadata.ReadGroup(table, group, told, reading));
                for (var index = 0; index < texts.Length; index++)
                {
                    row++;
                    if (TakeText(texts[index], row, reading) is { Length: > 0 } text)
                        yield return new TextRecord(text, row, metadata?[index]);

                    texts[index] = null;
                }
            }
        }
        finally
        {
            table.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static Task<ParquetReader> Open(Stream file, CancellationToken cancellation)
    {
        ParquetCheck.CheckFooter(file);
        return ParquetReader.CreateAsync(file, leaveStreamOpen: true, cancellationToken: cancellation);
    }

    private static Task<bool> Check(Stream file, RowGroup group, IReadOnlyList<DataField> columns, ReadingLimits limits)
    {
        foreach (var column in columns)
            _ = ParquetCheck.CheckColumn(file, group, column, limits);
        return Task.FromResult(true);
    }

    private static DataField FindColumn(ParquetSchema schema, RecordReading reading)
    {
        var field = reading
            .Columns.Select(name => schema.Fields.FirstOrDefault(field => field.Name == name))
            .FirstOrDefault(field => field is not null);
        if (field is DataField data && IsText(data))
            return AsBytes(data);

        throw TableColumns.Refusal(
            "The table",
            field is null ? $"has no column {TableColumns.Choice(reading)}" : $"has no text in its column \"{field.Name}\"",
            [.. schema.Fields.Select(other => other.Name)],
            reading.File
        );
    }

    /// <summary>Whether each value of a column is a string, or bytes that may be one.</summary>
    public static bool IsText(DataField column) =>
        !column.IsArray && (column.ClrType == typeof(ReadOnlyMemory<char>) || column.ClrType == typeof(ReadOnlyMemory<byte>));

    /// <summary>The column as bytes and not as strings, in which what is not UTF-8 would be replaced unseen.</summary>
    public static DataField AsBytes(DataField column) =>
        new ParquetSchema(new DataField(column.Name, typeof(byte[]), column.IsNullable)).DataFields[0];

    private static async Task<byte[]?[]> ReadGroup(ParquetReader table, int group, DataField column, CancellationToken cancellation)
    {
        using var rows = table.OpenRowGroupReader(group);
        var texts = new byte[]?[checked((int)rows.RowCount)];
        await rows.ReadAsync(column, texts.AsMemory()!, cancellationToken: cancellation).ConfigureAwait(false);
        return texts;
    }

    private static byte[]? TakeText(byte[]? text, long row, RecordReading reading)
    {
        if (Utf8Text.Fault(text) is { } fault)
        {
            reading.PassOver(
                string.Create(CultureInfo.InvariantCulture, $"Row {row} of '{reading.File}' {fault}"),
                "not UTF-8",
                $"Make it anew, or leave it out."
            );
            return null;
        }

        reading.Accept();
        return text is null ? null : LineEnds.Normalize(text).ToArray();
    }

    /// <summary>Of damaged bytes a reader may say anything.</summary>
    public static T Guard<T>(RecordReading reading, Func<Task<T>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (Exception exception)
            when (exception
                    is not (OperationCanceledException or OutOfMemoryException or UnauthorizedAccessException or UnusableTextException)
            )
        {
            throw Damaged(reading, exception);
        }
    }

    /// <summary>The error of a damaged file.</summary>
    public static UnusableTextException Damaged(RecordReading reading, Exception exception) =>
        new(
            "damaged or cut off",
            $"The Parquet file '{reading.File}' is damaged or cut off: {exception.Message.TrimEnd('.')}. Make it anew."
        );
}
