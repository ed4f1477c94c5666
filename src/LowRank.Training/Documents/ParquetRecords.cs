using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads the rows of a Parquet file as JSON objects, lists and structs within them included. Of a file one row group is in memory at a
/// time, and columns that nobody asked for are not read.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="table">Its reader.</param>
/// <param name="reading">The reading, which names the columns.</param>
internal sealed class ParquetRecords(Stream file, ParquetReader table, RecordReading reading)
{
    // As deep as published tables go: a list of structs with lists of structs has 8.
    private const int DeepestSchema = 64;
    private const int MostFields = 1 << 12;

    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> row = new();
    private IReadOnlyList<Field> fields = [];
    private IReadOnlyList<string> others = [];
    private ParquetValue[] values = [];
    private long number;

    /// <summary>The rows.</summary>
    /// <exception cref="InputException">It is damaged, or a column can't be read.</exception>
    public IEnumerable<TextRecord> ReadRecords()
    {
        ParquetTable.Guard(reading, FindFields);
        for (var group = 0; group < table.RowGroupCount; group++)
        {
            ParquetTable.Guard(reading, () => ReadGroup(group));
            var rows = table.Metadata!.RowGroups[group].NumRows;
            for (var index = 0L; index < rows; index++)
            {
                reading.Cancellation.ThrowIfCancellationRequested();
                number++;
                if (ParquetTable.Guard(reading, () => Task.FromResult(WriteRow())) is not { } fault)
                    yield return new TextRecord(row.WrittenSpan.ToArray(), number);
                else
                    reading.PassOver(
                        string.Create(CultureInfo.InvariantCulture, $"Row {number} of '{reading.File}' {fault}"),
                        "not UTF-8",
                        $"Make it anew, or leave it out."
                    );
            }

            if (!values.All(value => value.IsAtEnd))
                throw ParquetTable.Damaged(reading, ParquetColumn.Disagreement());
        }
    }

    private Task<bool> FindFields()
    {
        CheckDepth(table.Metadata!.Schema);
        // As bytes and not as strings, in which what is not UTF-8 would be replaced unseen.
        foreach (var element in table.Metadata.Schema.Where(IsText))
            (element.ConvertedType, element.LogicalType) = (null, null);
        var all = table.Schema.Fields;
        fields = [.. all.Where(field => reading.Members.Contains(field.Name))];
        others = [.. all.Select(field => field.Name).Except(reading.Members, StringComparer.Ordinal)];
        if (fields.DistinctBy(field => field.Name).Count() != fields.Count)
            throw new InvalidDataException("it has a column twice");
        foreach (var field in fields)
        {
            if (ParquetValue.Columns(field).FirstOrDefault(column => !ParquetColumn.CanRead(column)) is { } column)
                throw new UnusableTextException(
                    "with columns that can't be read",
                    $"The column \"{column.Path}\" of '{reading.File}' has values of a kind that isn't read here ({(column.IsArray ? "a list in the form of old writers" : column.ClrType.Name)}); write the table anew without it, or as .jsonl."
                );
        }

        return Task.FromResult(true);
    }

    private static bool IsText(SchemaElement element) =>
        element.ConvertedType is ConvertedType.UTF8 or ConvertedType.ENUM
        || element.LogicalType is { STRING: not null } or { ENUM: not null };

    // Whatever follows goes down from field to field.
    private static void CheckDepth(List<SchemaElement> schema)
    {
        if (schema.Count > MostFields)
            throw new InvalidDataException("its description has too many columns");
        var open = new Stack<int>();
        foreach (var element in schema)
        {
            while (open.TryPeek(out var left) && left == 0)
                open.Pop();
            if (open.TryPop(out var children))
                open.Push(children - 1);
            open.Push(Math.Max(0, element.NumChildren ?? 0));
            if (open.Count > DeepestSchema)
                throw new InvalidDataException("its columns are nested too deep");
        }
    }

    private async Task<bool> ReadGroup(int index)
    {
        var group = table.Metadata!.RowGroups[index];
        using var rows = table.OpenRowGroupReader(index);
        var columns = new Dictionary<DataField, ParquetColumn>(ReferenceEqualityComparer.Instance);
        values = [];
        foreach (var column in fields.SelectMany(ParquetValue.Columns))
        {
            var count = ParquetCheck.CheckColumn(file, group, column, reading.Limits);
            columns.Add(column, await ParquetColumn.Read(rows, column, checked((int)count), reading.Cancellation).ConfigureAwait(false));
        }

        values = [.. fields.Select(field => new ParquetValue(field, column => columns[column]))];
        return true;
    }

    // What is wrong with the row; null for nothing.
    private string? WriteRow()
    {
        row.ResetWrittenCount();
        using var json = new Utf8JsonWriter(row, Form);
        json.WriteStartObject();
        string? fault = null;
        foreach (var value in values)
            fault = value.WriteMember(json) ?? fault;
        if (!values.All(value => value.IsAtRow))
            throw ParquetColumn.Disagreement();
        // For whoever says why the first row is none of those that are wanted.
        foreach (var name in number == 1 ? others : [])
            json.WriteNull(name);
        json.WriteEndObject();
        json.Flush();
        return fault ?? (row.WrittenCount > reading.Limits.LargestRecord ? reading.Limits.RecordFault : null);
    }
}
