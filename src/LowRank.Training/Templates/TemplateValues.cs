using System.Text.Json;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>Values of templates out of JSON.</summary>
internal static class TemplateValues
{
    /// <summary>The value, with its strings as a function makes them.</summary>
    /// <param name="json">JSON that is well-formed throughout.</param>
    /// <param name="text">What becomes of each string that is no key; null for nothing.</param>
    /// <exception cref="InputException">A whole number is beyond 64 bits.</exception>
    public static object? Of(JsonElement json, Func<string, string>? text = null) =>
        json.ValueKind switch
        {
            JsonValueKind.String => text is null ? json.GetString()! : text(json.GetString()!),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => Number(json),
            JsonValueKind.Array => new TemplateList([.. json.EnumerateArray().Select(item => Of(item, text))]),
            JsonValueKind.Object => Map(json, text),
            _ => null,
        };

    private static TemplateMap Map(JsonElement json, Func<string, string>? text)
    {
        var map = new TemplateMap();
        foreach (var member in json.EnumerateObject())
            map.Set(member.Name, Of(member.Value, text));
        return map;
    }

    private static object Number(JsonElement json)
    {
        if (json.TryGetInt64(out var whole) && !json.GetRawText().AsSpan().ContainsAny(".eE"))
            return whole;
        return json.GetRawText().AsSpan().ContainsAny(".eE")
            ? json.GetDouble()
            : throw new InputException(
                $"The number {Json.ShownText.Of(json.GetRawText())} is beyond the 64 bits that templates count with here."
            );
    }
}
