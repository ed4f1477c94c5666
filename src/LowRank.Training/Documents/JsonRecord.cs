using System.Text.Json;
using LowRank.Training.Files;
using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>Takes the text out of one JSON object.</summary>
internal static class JsonRecord
{
    private const string Reason = "no JSON lines with a text";

    /// <summary>A record, whose text may be empty; null if it is broken and passed over.</summary>
    /// <param name="json">The record, as UTF-8.</param>
    /// <param name="number">Its number in the file.</param>
    /// <param name="place">Where it is, for errors: "Line 2".</param>
    /// <param name="reading">The reading of its file.</param>
    /// <exception cref="UnusableTextException">It is broken, and the file's first.</exception>
    public static TextRecord? Read(ReadOnlySpan<byte> json, long number, string place, RecordReading reading)
    {
        if (reading.Whole)
            return new TextRecord(json.ToArray(), number);
        try
        {
            var metadata = reading.NewMetadata();
            var text = Text(json, metadata, reading) ?? throw new FormatException(Missing(json, reading));
            reading.Accept();
            return new TextRecord(text, number, metadata);
        }
        catch (JsonException exception)
        {
            PassOver($"is no JSON object ({exception.Message.TrimEnd('.')})");
        }
        catch (FormatException exception)
        {
            PassOver(exception.Message);
        }
        catch (InvalidOperationException)
        {
            // The one way in which a valid string cannot become text.
            PassOver($"has a {TableColumns.Choice(reading)} with half of a surrogate pair, which is no text");
        }

        return null;

        void PassOver(string what) =>
            reading.PassOver(
                $"{place} of '{reading.File}' {what}",
                Reason,
                $"Each line, or each element of the array that a .json is, must be a JSON object such as {{\"text\": \"…\"}}; where the text has another name, give it with {new OptionName(TextOptions.Column)}."
            );
    }

    /// <summary>The error when a file is no JSON as a whole.</summary>
    public static UnusableTextException Refusal(RecordReading reading, string what) =>
        new(Reason, $"'{reading.File}' {what}. A .json must be an array of objects such as {reading.Example}, or one in every line.");

    private static byte[]? Text(ReadOnlySpan<byte> record, RecordMetadata? metadata, RecordReading reading)
    {
        var json = new Utf8JsonReader(record);
        byte[]? text = null;
        var best = int.MaxValue;
        var found = 0;

        // Objects within the record that say more of its text, one in another.
        var within = 0;
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            return null;

        // To the end, so that a record cut off after its text is broken too.
        var pace = new StopPace(reading.Cancellation);
        while (json.Read())
        {
            pace.Step();
            if (json.TokenType == JsonTokenType.EndObject && within > 0 && json.CurrentDepth == within)
                within--;
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1 + within)
                continue;

            var column = within == 0 ? IndexOf(json, reading.Columns) : -1;
            if (column >= 0)
            {
                if ((found & (1 << column)) != 0)
                    throw new FormatException($"has \"{reading.Columns[column]}\" twice");

                found |= 1 << column;
                json.Read();
                if (column < best && json.TokenType == JsonTokenType.String)
                {
                    text = Unescape(json);
                    best = column;
                }
            }
            else if (metadata is not null)
            {
                within += TakeMetadata(ref json, metadata) ? 1 : 0;
            }
        }

        return text;
    }

    /// <summary>Takes the value of a member that isn't the text; true if it is an object that may say more and was entered.</summary>
    private static bool TakeMetadata(ref Utf8JsonReader json, RecordMetadata metadata)
    {
        var name = json.ValueSpan;
        var wants = metadata.Wants(name);
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject)
            return RecordMetadata.HoldsMore(name);

        if (wants && json.TokenType == JsonTokenType.Number)
            metadata.Offer(name, json.ValueSpan);
        else if (wants && json.TokenType == JsonTokenType.String)
            metadata.Offer(name, json.ValueIsEscaped ? TryUnescape(json) : json.ValueSpan);

        return false;
    }

    /// <summary>Which of the columns the member is; -1 for none.</summary>
    private static int IndexOf(Utf8JsonReader json, IReadOnlyList<string> columns)
    {
        for (var column = 0; column < columns.Count; column++)
        {
            if (json.ValueTextEquals(columns[column]))
                return column;
        }

        return -1;
    }

    /// <summary>Nothing if it is no text.</summary>
    private static byte[] TryUnescape(Utf8JsonReader json)
    {
        try
        {
            return Unescape(json);
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Without a string between, which a text of a gigabyte wouldn't fit into.</summary>
    private static byte[] Unescape(Utf8JsonReader json)
    {
        var text = new byte[json.ValueSpan.Length];
        var length = json.CopyString(text);
        return LineEnds.Normalize(text.AsSpan(0, length)).ToArray();
    }

    /// <summary>What to say of valid JSON without the text: which members are there.</summary>
    private static string Missing(ReadOnlySpan<byte> record, RecordReading reading)
    {
        var json = new Utf8JsonReader(record);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            return "is no JSON object";

        var names = new List<string>();
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                continue;

            // As it is written: a name may be no text either.
            names.Add($"\"{System.Text.Encoding.UTF8.GetString(json.ValueSpan)}\"");
        }

        return $"has no string named {TableColumns.Choice(reading)}; there is {TableColumns.Listed(names)}";
    }
}
