using System.Globalization;
using System.Text.Json;
using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>Reads a JSON array of objects, of which one is in memory at a time.</summary>
internal sealed class JsonArray(ByteInput input, RecordReading reading)
{
    private const int BlockLength = 1 << 16;

    private JsonReaderState state;
    private bool ended;
    private long number;

    /// <summary>The records, without those whose text is empty.</summary>
    /// <exception cref="InputException">The array is no JSON, or its first element holds no text.</exception>
    public IEnumerable<TextRecord> ReadRecords()
    {
        while (TryReadElement(out var record))
        {
            if (record is { Text.Length: > 0 } read)
                yield return read;
        }
    }

    private bool TryReadElement(out TextRecord? record)
    {
        try
        {
            while (true)
            {
                reading.Cancellation.ThrowIfCancellationRequested();
                var json = new Utf8JsonReader(input.Bytes, ended, state);
                if (json.Read() && TryTake(ref json, out var goesOn, out record))
                    return goesOn;

                if (ended)
                    throw JsonRecord.Refusal(reading, "ends within its array");

                ended = !input.TryRequire(NextLength());
            }
        }
        catch (JsonException exception)
        {
            throw JsonRecord.Refusal(reading, $"is no JSON ({exception.Message.TrimEnd('.')})");
        }
    }

    /// <summary>Takes the token that was read, with all that is in it; false when its end isn't there yet.</summary>
    private bool TryTake(ref Utf8JsonReader json, out bool goesOn, out TextRecord? record)
    {
        record = null;
        goesOn = true;
        if (number == 0)
        {
            // The array itself.
            number = 1;
            Advance(json);
            return true;
        }

        if (json.TokenType == JsonTokenType.EndArray)
        {
            Advance(json);
            CheckEnd();
            goesOn = false;
            return true;
        }

        var start = (int)json.TokenStartIndex;
        if (!json.TrySkip())
            return false;

        var element = input.Bytes[start..(int)json.BytesConsumed];
        var place = string.Create(CultureInfo.InvariantCulture, $"Element {number}");
        if (Utf8Text.Fault(element) is { } fault)
            reading.PassOver($"{place} of '{reading.File}' {fault}", "not UTF-8", $"Convert it to UTF-8, or leave it out.");
        else
            record = JsonRecord.Read(element, number, place, reading);

        number++;
        Advance(json);
        return true;
    }

    private void Advance(Utf8JsonReader json)
    {
        state = json.CurrentState;
        input.Skip((int)json.BytesConsumed);
    }

    /// <summary>Nothing but white space may follow the array.</summary>
    private void CheckEnd()
    {
        while (true)
        {
            ended = !input.TryRequire(BlockLength);
            var json = new Utf8JsonReader(input.Bytes, ended, state);
            _ = json.Read();
            Advance(json);
            if (ended)
                return;
        }
    }

    /// <summary>Twice what wasn't enough, so that a long element is not looked at too often.</summary>
    private int NextLength() =>
        input.Bytes.Length <= Math.Min(reading.Limits.LargestRecord, Array.MaxLength / 2)
            ? Math.Max(BlockLength, 2 * input.Bytes.Length)
            : throw new UnusableTextException(
                "with records that are too large",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Element {number} of '{reading.File}' is larger than {Quantity.Bytes(Math.Min(reading.Limits.LargestRecord, Array.MaxLength / 2))}; break it up."
                )
            );
}
