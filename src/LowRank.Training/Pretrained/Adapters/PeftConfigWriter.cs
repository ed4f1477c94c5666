using System.Text.Json;
using LowRank.Training.Json;

namespace LowRank.Training.Pretrained.Adapters;

/// <summary>Writes <c>adapter_config.json</c>, with keys that every version of the library knows.</summary>
internal static class PeftConfigWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="adapted">The adapted modules.</param>
    /// <param name="all">The names of all linear modules, adapted or not.</param>
    /// <param name="baseModel">The base model's name, or null.</param>
    /// <param name="hasConvolutions">Whether the modules hold their weights inputs first.</param>
    public static void Write(
        string path,
        IReadOnlyList<PeftMatrices> adapted,
        IReadOnlyList<string> all,
        string? baseModel,
        bool hasConvolutions
    )
    {
        var isRankStabilized = adapted.All(one => one.IsRankStabilized);
        var rank = MostCommon(adapted.Select(one => one.Rank));
        var alpha = MostCommon(adapted.Select(one => one.Alpha(isRankStabilized)));
        using var stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        json.WriteStartObject("alpha_pattern");
        foreach (var one in adapted.Where(one => one.Alpha(isRankStabilized) != alpha))
            WriteNumber(json, one.Module.Name, one.Alpha(isRankStabilized));
        json.WriteEndObject();
        json.WriteNull("auto_mapping");
        json.WriteString("base_model_name_or_path", baseModel);
        json.WriteString("bias", "none");
        json.WriteBoolean("fan_in_fan_out", hasConvolutions);
        json.WriteBoolean("inference_mode", true);
        json.WriteBoolean("init_lora_weights", true);
        json.WriteNull("layers_pattern");
        json.WriteNull("layers_to_transform");
        WriteNumber(json, "lora_alpha", alpha);
        json.WriteReal("lora_dropout", adapted.Max(one => one.Dropout));
        json.WriteNull("modules_to_save");
        json.WriteString("peft_type", "LORA");
        json.WriteNumber("r", rank);
        json.WriteStartObject("rank_pattern");
        foreach (var one in adapted.Where(one => one.Rank != rank))
            json.WriteNumber(one.Module.Name, one.Rank);
        json.WriteEndObject();
        json.WriteNull("revision");
        json.WriteStartArray("target_modules");
        foreach (var target in Targets([.. adapted.Select(one => one.Module.Name)], all))
            json.WriteStringValue(target);
        json.WriteEndArray();
        json.WriteString("task_type", "CAUSAL_LM");
        json.WriteBoolean("use_dora", false);
        json.WriteBoolean("use_rslora", isRankStabilized);
        json.WriteEndObject();
    }

    // The last part of a name, such as q_proj, where all modules that end so are adapted; else the whole name.
    private static SortedSet<string> Targets(HashSet<string> adapted, IReadOnlyList<string> all)
    {
        var partly = all.Where(name => !adapted.Contains(name)).Select(Last).ToHashSet(StringComparer.Ordinal);
        return new(adapted.Select(name => partly.Contains(Last(name)) ? name : Last(name)), StringComparer.Ordinal);
    }

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static T MostCommon<T>(IEnumerable<T> values)
        where T : notnull => values.GroupBy(value => value).MaxBy(group => group.Count())!.Key;

    // Other programs expect a whole α as a whole number.
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (value == Math.Floor(value) && Math.Abs(value) < 1e15)
            json.WriteNumber(name, (long)value);
        else
            json.WriteReal(name, value);
    }
}
