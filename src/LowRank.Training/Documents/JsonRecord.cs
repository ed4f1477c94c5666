using System.Text.Json;
using LowRank.Training.Files;
using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>Takes the text out of one JSON object.</summary>
internal static class JsonRecord
{
    private const string Reason = "no JSON lines with a text";

    /// <summary>The text of a record, which may be empty; null if it is broken and passed over.</summary>
    /// <param name="json">The record, as UTF-8.</param>
    /// <param name="place">Where it is, for errors: "Line 2".</param>
    /// <param name="reading">The reading of its file.</param>
    /// <exception cref="UnusableTextException">It is broken, and the file's first.</exception>
    public static byte[]? Read(ReadOnlySpan<byte> json, string place, RecordReading reading)
    {
        try
        {
            var text = Text(json, reading) ?? throw new FormatException(Missing(json, reading.Column));
            reading.Accept();
            return text;
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
            PassOver($"has a \"{reading.Column}\" with half of a surrogate pair, which is no text");
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
    public static UnusableTextException Refusal(string file, string what) =>
        new(Reason, $"'{file}' {what}. A .json must be an array of objects such as {{\"text\": \"…\"}}, or one in every line.");

    private static byte[]? Text(ReadOnlySpan<byte> record, RecordReading reading)
    {
        var json = new Utf8JsonReader(record);
        byte[]? text = null;
        var found = false;
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            return null;

        // To the end, so that a record cut off after its text is broken too.
        var pace = new StopPace(reading.Cancellation);
        while (json.Read())
        {
            pace.Step();
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                continue;

            var wanted = json.ValueTextEquals(reading.Column);
            json.Read();
            if (wanted)
            {
                if (found)
                    throw new FormatException($"has \"{reading.Column}\" twice");

                found = true;
                text = json.TokenType == JsonTokenType.String ? Unescape(json) : null;
            }
        }

        return text;
    }

    /// <summary>Without a string between, which a text of a gigabyte wouldn't fit into.</summary>
    private static byte[] Unescape(Utf8JsonReader json)
    {
        var text = new byte[json.ValueSpan.Length];
        var length = json.CopyString(text);
        return LineEnds.Normalize(text.AsSpan(0, length)).ToArray();
    }

    /// <summary>What to say of valid JSON without the text: which members are there.</summary>
    private static string Missing(ReadOnlySpan<byte> record, string column)
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

        return $"has no string named \"{column}\"; there is {TableColumns.Listed(names)}";
    }
}
