using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace LowRank.Training.Documents;

/// <summary>Reads the columns of a Parquet file that say something of the texts beside them.</summary>
internal static class ParquetMetadata
{
    /// <summary>Those columns: strings, whole numbers and times at the table's top.</summary>
    public static IReadOnlyList<DataField> Columns(ParquetSchema schema, string text) =>
        [.. schema.Fields.OfType<DataField>().Where(field => field.Name != text && RecordMetadata.IsKnown(field.Name) && CanRead(field))];

    /// <summary>What a row group says of each of its texts.</summary>
    public static async Task<RecordMetadata[]> ReadGroup(
        ParquetReader table,
        int group,
        IReadOnlyList<DataField> columns,
        RecordReading reading
    )
    {
        using var rows = table.OpenRowGroupReader(group);
        var metadata = new RecordMetadata[checked((int)rows.RowCount)];
        for (var row = 0; row < metadata.Length; row++)
            metadata[row] = new RecordMetadata();

        foreach (var column in columns)
        {
            var name = Encoding.UTF8.GetBytes(column.Name);
            if (ParquetTable.IsText(column))
                Offer(metadata, name, await ReadTexts(rows, column, reading.Cancellation).ConfigureAwait(false));
            else if (column.ClrType == typeof(DateTime))
                Offer(metadata, name, await ReadValues<DateTime>(rows, column, Write, reading.Cancellation).ConfigureAwait(false));
            else if (column.ClrType == typeof(long))
                Offer(metadata, name, await ReadValues<long>(rows, column, Write, reading.Cancellation).ConfigureAwait(false));
            else
                Offer(metadata, name, await ReadValues<int>(rows, column, Write, reading.Cancellation).ConfigureAwait(false));
        }

        return metadata;

        static byte[] Write<T>(T value)
            where T : struct, IFormattable => Encoding.UTF8.GetBytes(value.ToString(Form<T>(), CultureInfo.InvariantCulture));
    }

    private static bool CanRead(DataField column) =>
        ParquetTable.IsText(column)
        || (!column.IsArray && (column.ClrType == typeof(DateTime) || column.ClrType == typeof(long) || column.ClrType == typeof(int)));

    /// <summary>Times as ISO 8601 has them.</summary>
    private static string? Form<T>() => typeof(T) == typeof(DateTime) ? "yyyy-MM-ddTHH:mm:ssZ" : null;

    private static void Offer(RecordMetadata[] metadata, byte[] name, byte[]?[] values)
    {
        for (var row = 0; row < metadata.Length; row++)
            metadata[row].Offer(name, values[row]);
    }

    private static async Task<byte[]?[]> ReadTexts(ParquetRowGroupReader rows, DataField column, CancellationToken cancellation)
    {
        var values = new byte[]?[checked((int)rows.RowCount)];
        await rows.ReadAsync(ParquetTable.AsBytes(column), values.AsMemory()!, cancellationToken: cancellation).ConfigureAwait(false);
        return values;
    }

    private static async Task<byte[]?[]> ReadValues<T>(
        ParquetRowGroupReader rows,
        DataField column,
        Func<T, byte[]> write,
        CancellationToken cancellation
    )
        where T : struct
    {
        var count = checked((int)rows.RowCount);
        if (!column.IsNullable)
        {
            var present = new T[count];
            await rows.ReadAsync<T>(column, present.AsMemory(), cancellationToken: cancellation).ConfigureAwait(false);
            return Array.ConvertAll<T, byte[]?>(present, value => write(value));
        }

        var values = new T?[count];
        await rows.ReadAsync<T>(column, values.AsMemory(), cancellationToken: cancellation).ConfigureAwait(false);
        return Array.ConvertAll(values, value => value is { } known ? write(known) : null);
    }
}
