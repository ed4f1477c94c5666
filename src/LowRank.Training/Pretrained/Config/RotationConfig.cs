using System.Text.Json;
using LowRank.Generator.Model;
using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>
/// How <c>config.json</c> says the rotation of queries and keys: <c>rope_theta</c> and <c>rope_scaling</c>, or both in
/// <c>rope_parameters</c> as newer versions of the library have it.
/// </summary>
internal static class RotationConfig
{
    /// <summary>The rotation of a model all of whose blocks rotate alike.</summary>
    /// <param name="values">The file.</param>
    /// <param name="usualBase">The base where none is given.</param>
    public static RotationFacts Read(ConfigValues values, double usualBase = 10_000) =>
        Read(values, values.Object("rope_parameters"), usualBase);

    /// <summary>The rotation that an object says, or what stands beside it.</summary>
    /// <param name="values">The file.</param>
    /// <param name="parameters">The object, or null.</param>
    /// <param name="usualBase">The base where none is given.</param>
    public static RotationFacts Read(ConfigValues values, JsonPlace? parameters, double usualBase)
    {
        var scaling = parameters is null ? null : Scaling(values, parameters);
        if (values.Object("rope_scaling") is { } old)
            scaling ??= Scaling(values, old);
        var frequencyBase = (parameters is null ? null : values.Real(parameters, "rope_theta")) ?? values.Real("rope_theta") ?? usualBase;
        return new(frequencyBase, values.Real("partial_rotary_factor") ?? 1, scaling);
    }

    /// <summary>Writes base and scaling.</summary>
    public static void Write(Utf8JsonWriter json, RotationFacts rotation)
    {
        json.WriteNumber("rope_theta", rotation.Base);
        if (rotation.Scaling is not { } scaling)
        {
            json.WriteNull("rope_scaling");
            return;
        }

        json.WriteStartObject("rope_scaling");
        json.WriteString("rope_type", NameOf(scaling.Type));
        json.WriteReal("factor", scaling.Factor);
        if (scaling.OriginalContext is { } context)
            json.WriteNumber("original_max_position_embeddings", context);
        if (scaling.Type == RotaryScalingType.Llama3)
        {
            json.WriteReal("low_freq_factor", scaling.LowFrequencyFactor ?? 1);
            json.WriteReal("high_freq_factor", scaling.HighFrequencyFactor ?? 4);
        }
        else if (scaling.Type == RotaryScalingType.Yarn)
        {
            json.WriteReal("beta_fast", scaling.BetaFast ?? 32);
            json.WriteReal("beta_slow", scaling.BetaSlow ?? 1);
            json.WriteReal("attention_factor", scaling.AttentionFactor ?? RotationFacts.UsualAttentionFactor(scaling.Factor));
        }

        json.WriteEndObject();
    }

    private static RotaryScalingOptions? Scaling(ConfigValues values, JsonPlace given)
    {
        var kind = values.Text(given, "rope_type") ?? values.Text(given, "type") ?? "default";
        if (kind == "default")
            return null;
        RotaryScalingType? type = kind switch
        {
            "linear" => RotaryScalingType.Linear,
            "llama3" => RotaryScalingType.Llama3,
            "yarn" => RotaryScalingType.Yarn,
            _ => null,
        };
        values.Refuse(type is null, $"its rotary frequencies are scaled ({ShownText.Of(kind)}), which can't be declared");
        if (type is not { } known)
            return null;
        var factor = values.Real(given, "factor");
        values.Refuse(factor is null, $"rope_scaling of type {kind} has no factor");
        var context = known == RotaryScalingType.Linear ? null : values.OptionalWhole(given, "original_max_position_embeddings");
        values.Refuse(
            known != RotaryScalingType.Linear && context is null,
            $"rope_scaling of type {kind} has no original_max_position_embeddings"
        );
        return known switch
        {
            RotaryScalingType.Llama3 => new(
                known,
                factor ?? 1,
                context,
                LowFrequencyFactor: values.Real(given, "low_freq_factor"),
                HighFrequencyFactor: values.Real(given, "high_freq_factor")
            ),
            RotaryScalingType.Yarn => new(
                known,
                factor ?? 1,
                context,
                BetaFast: values.Real(given, "beta_fast"),
                BetaSlow: values.Real(given, "beta_slow"),
                AttentionFactor: values.Real(given, "attention_factor") ?? Ratio(values, given, factor ?? 1)
            ),
            _ => new(known, factor ?? 1),
        };
    }

    // DeepSeek's: what the paper's factor is multiplied by for queries and keys, over the same for all of the scores.
    private static double? Ratio(ConfigValues values, JsonPlace given, double factor)
    {
        var (own, all) = (values.Real(given, "mscale"), values.Real(given, "mscale_all_dim"));
        return own is > 0 && all is > 0
            ? (own.Value * (RotationFacts.UsualAttentionFactor(factor) - 1) + 1)
                / (all.Value * (RotationFacts.UsualAttentionFactor(factor) - 1) + 1)
            : null;
    }

    private static string NameOf(RotaryScalingType type) =>
        type switch
        {
            RotaryScalingType.Llama3 => "llama3",
            RotaryScalingType.Yarn => "yarn",
            _ => "linear",
        };
}
