using System.Text.Json;
using LowRank.Training.Json;

namespace LowRank.Training.Pretrained.Config;

/// <summary><c>layer_types</c>: which blocks of a model have its window.</summary>
internal static class LayerTypes
{
    public const string Key = "layer_types";

    public const string Sliding = "sliding_attention";

    public const string Full = "full_attention";

    /// <summary>Whether each block has the window; null where nothing is said.</summary>
    public static IReadOnlyList<bool>? Read(ConfigValues values, int depth)
    {
        if (values.Texts(Key) is not { } types)
            return null;
        values.Refuse(types.Count != depth, $"{Key} names {types.Count} layers of {depth}");
        foreach (var type in types.Distinct())
            values.Refuse(type is not (Sliding or Full), $"{Key} has {ShownText.Of(type)}, which can't be declared");
        return [.. Enumerable.Range(0, depth).Select(block => block < types.Count && types[block] == Sliding)];
    }

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<int?> windows)
    {
        json.WriteStartArray(Key);
        foreach (var window in windows)
            json.WriteStringValue(window is null ? Full : Sliding);
        json.WriteEndArray();
    }
}
