using System.Text.Json;

namespace LowRank.Training.Pretrained;

/// <summary>The values of a <c>config.json</c>, with a record of what is missing or has another form.</summary>
/// <param name="root">The document's object.</param>
internal sealed class ConfigValues(JsonElement root)
{
    private readonly List<string> problems = [];

    /// <summary>What is missing or has another form.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>A whole number that must be there, at least 1.</summary>
    public int Whole(string name) => OptionalWhole(name) ?? Missing(name);

    /// <summary>Whether it is there at all, even as null.</summary>
    public bool Has(string name) => root.TryGetProperty(name, out _);

    /// <summary>A whole number of at least <paramref name="least"/>, or null where it is absent or null.</summary>
    public int? OptionalWhole(string name, int least = 1)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least)
            return number;
        problems.Add($"'{name}' is {value.GetRawText()}, not a whole number of at least {least}");
        return null;
    }

    /// <summary>A real number, or null where it is absent or null.</summary>
    public double? Real(string name) => Real(root, name);

    /// <summary>A real number of an object, or null.</summary>
    public double? Real(JsonElement parent, string name)
    {
        if (Value(parent, name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number)
            return value.GetDouble();
        problems.Add($"'{name}' is {value.GetRawText()}, not a number");
        return null;
    }

    /// <summary>Yes or no.</summary>
    public bool Flag(string name, bool absent)
    {
        if (Value(name) is not { } value)
            return absent;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        problems.Add($"'{name}' is {value.GetRawText()}, not true or false");
        return absent;
    }

    /// <summary>A text, or null where it is absent or null.</summary>
    public string? Text(string name) => Text(root, name);

    /// <summary>A text of an object, or null.</summary>
    public string? Text(JsonElement parent, string name)
    {
        if (Value(parent, name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        problems.Add($"'{name}' is {value.GetRawText()}, not a text");
        return null;
    }

    /// <summary>Texts, or null where they are absent or null.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        problems.Add($"'{name}' is {value.GetRawText()}, not a list of texts");
        return null;
    }

    /// <summary>An object, or null where it is absent or null.</summary>
    public JsonElement? Object(string name) => Value(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    /// <summary>Records something else that keeps the checkpoint from being read.</summary>
    public void Refuse(bool holds, string reason)
    {
        if (holds)
            problems.Add(reason);
    }

    private int Missing(string name)
    {
        if (Value(name) is null)
            problems.Add($"'{name}' is missing");
        return 1;
    }

    private JsonElement? Value(string name) => Value(root, name);

    private static JsonElement? Value(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
