using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace LowRank.Training.Documents;

/// <summary>
/// The values of one column of a row group, one after the other, each with the levels that say where in its row it belongs (Melnik et
/// al., "Dremel: Interactive Analysis of Web-Scale Datasets", 2010).
/// </summary>
internal abstract class ParquetColumn
{
    private readonly int present;
    private readonly int[] definitions;
    private readonly int[] repetitions;
    private int at;
    private int taken;

    private protected ParquetColumn(DataField field, int[] definitions, int[] repetitions) =>
        (present, this.definitions, this.repetitions) = (field.MaxDefinitionLevel, definitions, repetitions);

    /// <summary>Whether all values were taken.</summary>
    public bool IsAtEnd => at == definitions.Length;

    /// <summary>How deep within its row the next value is there, and not null or in an empty list.</summary>
    public int Definition => IsAtEnd ? throw Disagreement() : definitions[at];

    /// <summary>The depth of the list that the next value goes on with; 0 for a new row.</summary>
    public int Repetition => IsAtEnd ? 0 : repetitions[at];

    /// <summary>Passes over a value that isn't there.</summary>
    public void Skip()
    {
        if (Definition >= present)
            throw Disagreement();
        at++;
    }

    /// <summary>Writes the next value, which is there.</summary>
    /// <returns>What is wrong with it; null for nothing.</returns>
    public string? Write(Utf8JsonWriter json)
    {
        if (Definition != present)
            throw Disagreement();
        at++;
        return WriteValue(json, taken++);
    }

    /// <summary>Writes the next value, which is there, as the name of a member.</summary>
    /// <returns>What is wrong with it; null for nothing.</returns>
    public string? WriteName(Utf8JsonWriter json)
    {
        if (Definition != present)
            throw Disagreement();
        at++;
        return WriteName(json, taken++);
    }

    /// <summary>The error where columns say different things of one row.</summary>
    public static InvalidDataException Disagreement() => new("its columns don't agree about a row");

    /// <summary>Whether values of this type can be read.</summary>
    public static bool CanRead(DataField field) => !field.IsArray && Readers.ContainsKey(field.ClrType);

    /// <summary>Reads a column.</summary>
    /// <param name="rows">The row group.</param>
    /// <param name="field">The column, of a type that <see cref="CanRead"/>.</param>
    /// <param name="count">Number of its values, nulls included.</param>
    /// <param name="stop">Ends the reading.</param>
    public static Task<ParquetColumn> Read(ParquetRowGroupReader rows, DataField field, int count, CancellationToken stop) =>
        Readers[field.ClrType](rows, field, count, stop);

    private protected abstract string? WriteValue(Utf8JsonWriter json, int index);

    private protected virtual string? WriteName(Utf8JsonWriter json, int index) => throw Disagreement();

    private delegate Task<ParquetColumn> Reader(ParquetRowGroupReader rows, DataField field, int count, CancellationToken stop);

    private static readonly Dictionary<Type, Reader> Readers = new()
    {
        [typeof(ReadOnlyMemory<byte>)] = ReadTexts,
        [typeof(bool)] = Of<bool>((json, value) => json.WriteBooleanValue(value)),
        [typeof(sbyte)] = Of<sbyte>((json, value) => json.WriteNumberValue(value)),
        [typeof(byte)] = Of<byte>((json, value) => json.WriteNumberValue(value)),
        [typeof(short)] = Of<short>((json, value) => json.WriteNumberValue(value)),
        [typeof(ushort)] = Of<ushort>((json, value) => json.WriteNumberValue(value)),
        [typeof(int)] = Of<int>((json, value) => json.WriteNumberValue(value)),
        [typeof(uint)] = Of<uint>((json, value) => json.WriteNumberValue(value)),
        [typeof(long)] = Of<long>((json, value) => json.WriteNumberValue(value)),
        [typeof(ulong)] = Of<ulong>((json, value) => json.WriteNumberValue(value)),
        [typeof(float)] = Of<float>((json, value) => WriteReal(json, value)),
        [typeof(double)] = Of<double>(WriteReal),
        [typeof(DateTime)] = Of<DateTime>((json, value) => json.WriteStringValue(value.ToString("O", CultureInfo.InvariantCulture))),
    };

    // JSON has no number for what is none.
    private static void WriteReal(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteNullValue();
    }

    private static Reader Of<T>(Action<Utf8JsonWriter, T> write)
        where T : struct =>
        async (rows, field, count, stop) =>
        {
            var (values, definitions, repetitions) = await ReadRaw<T>(rows, field, count, stop).ConfigureAwait(false);
            return new Numbers<T>(field, definitions, repetitions, values, write);
        };

    private static async Task<ParquetColumn> ReadTexts(ParquetRowGroupReader rows, DataField field, int count, CancellationToken stop)
    {
        var (values, definitions, repetitions) = await ReadRaw<ReadOnlyMemory<byte>>(rows, field, count, stop).ConfigureAwait(false);
        return new Texts(field, definitions, repetitions, values);
    }

    private static async Task<(T[] Values, int[] Definitions, int[] Repetitions)> ReadRaw<T>(
        ParquetRowGroupReader rows,
        DataField field,
        int count,
        CancellationToken stop
    )
        where T : struct
    {
        var (values, definitions, repetitions) = (new T[count], new int[count], new int[count]);
        await rows.ReadRawAsync<T>(
                field,
                values,
                field.MaxDefinitionLevel > 0 ? definitions.AsMemory() : (Memory<int>?)null,
                field.MaxRepetitionLevel > 0 ? repetitions.AsMemory() : (Memory<int>?)null,
                stop
            )
            .ConfigureAwait(false);
        return (values, definitions, repetitions);
    }

    private sealed class Numbers<T>(DataField field, int[] definitions, int[] repetitions, T[] values, Action<Utf8JsonWriter, T> write)
        : ParquetColumn(field, definitions, repetitions)
    {
        private protected override string? WriteValue(Utf8JsonWriter json, int index)
        {
            write(json, values[index]);
            return null;
        }
    }

    private sealed class Texts(DataField field, int[] definitions, int[] repetitions, ReadOnlyMemory<byte>[] values)
        : ParquetColumn(field, definitions, repetitions)
    {
        private protected override string? WriteValue(Utf8JsonWriter json, int index)
        {
            var fault = Utf8Text.Fault(values[index].Span);
            if (fault is null)
                json.WriteStringValue(values[index].Span);
            else
                json.WriteNullValue();
            return fault;
        }

        private protected override string? WriteName(Utf8JsonWriter json, int index)
        {
            var fault = Utf8Text.Fault(values[index].Span);
            json.WritePropertyName(fault is null ? values[index].Span : default);
            return fault;
        }
    }
}
