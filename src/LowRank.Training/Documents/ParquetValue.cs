using System.Text.Json;
using Parquet.Schema;

namespace LowRank.Training.Documents;

/// <summary>
/// A value of every row, put together from the columns below it: a list is an array, a struct or a map an object, in which what is null
/// is left out.
/// </summary>
internal sealed class ParquetValue
{
    private readonly Field shape;
    private readonly ParquetValue[] children;
    private readonly ParquetColumn[] columns;

    /// <summary>A value over columns that were read.</summary>
    /// <param name="shape">What the schema says of it.</param>
    /// <param name="columnOf">The column of a field with data.</param>
    public ParquetValue(Field shape, Func<DataField, ParquetColumn> columnOf)
    {
        this.shape = shape;
        children = [.. Parts(shape).Select(part => new ParquetValue(part, columnOf))];
        columns = shape is DataField data ? [columnOf(data)] : [.. children.SelectMany(child => child.columns)];
    }

    /// <summary>Its name.</summary>
    public string Name => shape.Name;

    /// <summary>The columns with data below a field.</summary>
    public static IEnumerable<DataField> Columns(Field shape) => shape is DataField data ? [data] : Parts(shape).SelectMany(Columns);

    /// <summary>Whether the next row's value is null.</summary>
    public bool IsNull => columns[0].Definition < (IsMany ? shape.MaxDefinitionLevel - 1 : shape.MaxDefinitionLevel);

    /// <summary>Whether all rows were taken.</summary>
    public bool IsAtEnd => columns.All(column => column.IsAtEnd);

    /// <summary>Whether each column is at the beginning of a row, or its end.</summary>
    public bool IsAtRow => columns.All(column => column.Repetition == 0);

    private bool IsMany => shape is ListField or MapField;

    /// <summary>Passes over a null.</summary>
    public void Skip()
    {
        foreach (var column in columns)
            column.Skip();
    }

    /// <summary>Writes a value that isn't null.</summary>
    /// <returns>What is wrong with a text in it; null for nothing.</returns>
    /// <exception cref="InvalidDataException">The columns don't agree.</exception>
    public string? Write(Utf8JsonWriter json)
    {
        if (shape is DataField)
            return columns[0].Write(json);
        if (shape is StructField)
        {
            json.WriteStartObject();
            string? fault = null;
            foreach (var child in children)
                fault = child.WriteMember(json) ?? fault;
            json.WriteEndObject();
            return fault;
        }

        return shape is ListField ? WriteList(json) : WriteMap(json);
    }

    /// <summary>Writes the value as a member of an object, or nothing where it is null.</summary>
    /// <returns>What is wrong with a text in it; null for nothing.</returns>
    public string? WriteMember(Utf8JsonWriter json)
    {
        if (IsNull)
        {
            Skip();
            return null;
        }

        json.WritePropertyName(Name);
        return Write(json);
    }

    private string? WriteList(Utf8JsonWriter json)
    {
        string? fault = null;
        json.WriteStartArray();
        if (IsEmpty)
            Skip();
        else
        {
            do
            {
                if (!children[0].IsNull)
                    fault = children[0].Write(json) ?? fault;
                else
                {
                    children[0].Skip();
                    json.WriteNullValue();
                }
            } while (GoesOn());
        }

        json.WriteEndArray();
        return fault;
    }

    private string? WriteMap(Utf8JsonWriter json)
    {
        string? fault = null;
        json.WriteStartObject();
        if (IsEmpty)
            Skip();
        else
        {
            do
            {
                fault = children[0].columns[0].WriteName(json) ?? fault;
                if (!children[1].IsNull)
                    fault = children[1].Write(json) ?? fault;
                else
                {
                    children[1].Skip();
                    json.WriteNullValue();
                }
            } while (GoesOn());
        }

        json.WriteEndObject();
        return fault;
    }

    private bool IsEmpty => columns[0].Definition < shape.MaxDefinitionLevel;

    // Whether there is another element of this list; all columns must say the same.
    private bool GoesOn()
    {
        var goesOn = columns[0].Repetition == shape.MaxRepetitionLevel;
        foreach (var column in columns)
        {
            if (column.Repetition > shape.MaxRepetitionLevel || column.Repetition == shape.MaxRepetitionLevel != goesOn)
                throw ParquetColumn.Disagreement();
        }

        return goesOn;
    }

    private static IReadOnlyList<Field> Parts(Field shape) =>
        shape switch
        {
            StructField group => group.Fields,
            ListField list => [list.Item],
            MapField map => [map.Key, map.Value],
            _ => [],
        };
}
