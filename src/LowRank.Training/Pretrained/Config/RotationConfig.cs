using System.Text.Json;
using LowRank.Generator.Model;
using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>
/// How <c>config.json</c> says the rotation of queries and keys: <c>rope_theta</c> and <c>rope_scaling</c>, or both in
/// <c>rope_parameters</c> as newer versions of the library have it. What one of the objects holds besides is refused: it would change the
/// frequencies.
/// </summary>
internal static class RotationConfig
{
    private const string New = "rope_parameters";
    private const string Old = "rope_scaling";
    private const string Context = "original_max_position_embeddings";

    private const string LongRope = "longrope";

    // Keys that mean something in every object, and those that a type has besides. A linear one is said with its context, too.
    private static readonly string[] Common = ["rope_type", "type", "rope_theta", "partial_rotary_factor"];
    private static readonly string[] OfLinear = ["factor", Context];
    private static readonly string[] OfLlama3 = ["factor", Context, "low_freq_factor", "high_freq_factor"];
    private static readonly string[] OfYarn =
    [
        "factor",
        Context,
        "beta_fast",
        "beta_slow",
        "attention_factor",
        "mscale",
        "mscale_all_dim",
        "truncate",
    ];

    private static readonly string[] OfLongRope = ["factor", Context, "attention_factor", "short_factor", "long_factor"];

    /// <summary>The rotation of a model all of whose blocks rotate alike.</summary>
    /// <param name="values">The file.</param>
    /// <param name="keys">What the architecture calls base and fraction.</param>
    public static RotationFacts Read(ConfigValues values, RotationKeys keys) => Read(values, values.Object(New), values.Object(Old), keys);

    /// <summary>The rotation that objects say, or what stands beside them.</summary>
    /// <param name="values">The file.</param>
    /// <param name="parameters">The object in the place of <c>rope_parameters</c>, or null.</param>
    /// <param name="old">That of <c>rope_scaling</c>, or null.</param>
    /// <param name="keys">What the architecture calls base and fraction.</param>
    public static RotationFacts Read(ConfigValues values, JsonPlace? parameters, JsonPlace? old, RotationKeys keys)
    {
        var (newScaling, oldScaling) = (Scaling(values, parameters, keys), Scaling(values, old, keys));
        values.Refuse(
            parameters is not null && old is not null && newScaling != oldScaling,
            $"{New} and {Old} scale the rotary frequencies differently; keep the one that holds"
        );
        var frequencyBase = Agreed(
            values,
            [Number(parameters, "rope_theta"), Number(old, "rope_theta"), .. keys.Base.Select(key => (key, values.Positive(key)))]
        );
        var fraction = Agreed(
            values,
            [
                Number(parameters, "partial_rotary_factor"),
                Number(old, "partial_rotary_factor"),
                .. keys.Fraction.Select(key => (key, values.Positive(key))),
            ]
        );
        values.Refuse(
            fraction > 1,
            $"{(keys.Fraction is [var key, ..] ? key : "partial_rotary_factor")} is above 1, more than a whole head"
        );
        values.Refuse(
            keys.Fraction.Count == 0 && fraction is < 1,
            "partial_rotary_factor is below 1, and the architecture rotates whole heads"
        );
        return new(frequencyBase ?? keys.UsualBase, fraction ?? keys.UsualFraction, newScaling ?? oldScaling);

        (string Key, double? Value) Number(JsonPlace? place, string key) =>
            (place is null ? key : place.At(key).Path, place is null ? null : values.Positive(place, key));
    }

    /// <summary>DeepSeek's <c>mscale_all_dim</c> of YaRN, and its factor; null where the scores have no scale by it.</summary>
    public static double? ScoreScale(ConfigValues values)
    {
        if ((values.Object(New) ?? values.Object(Old)) is not { } place || TypeOf(values, place) != "yarn")
            return null;
        return values.Real(place, "mscale_all_dim") is { } all and > 0 && values.Positive(place, "factor") is { } factor
            ? Math.Pow(all * (RotationFacts.UsualAttentionFactor(factor) - 1) + 1, 2)
            : null;
    }

    /// <summary>Writes base, fraction and scaling.</summary>
    /// <param name="json">The file.</param>
    /// <param name="rotation">The rotation.</param>
    /// <param name="keys">What the architecture calls base and fraction.</param>
    /// <param name="context">The model's context.</param>
    public static void Write(Utf8JsonWriter json, RotationFacts rotation, RotationKeys keys, int context)
    {
        foreach (var key in keys.Base)
            json.WriteNumber(key, rotation.Base);
        foreach (var key in keys.Fraction)
            json.WriteReal(key, rotation.Fraction);
        if (rotation.Scaling is not { } scaling)
        {
            json.WriteNull(Old);
            return;
        }

        if (scaling.Type == RotaryScalingType.LongRope)
        {
            WriteLongRope(json, scaling, context);
            return;
        }

        json.WriteStartObject(Old);
        json.WriteString("rope_type", NameOf(scaling.Type));
        json.WriteReal("factor", scaling.Factor);
        if (scaling.OriginalContext is { } original)
            json.WriteNumber(Context, original);
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
            // DeepSeek's own code knows no attention_factor, and takes that of 1 from these.
            if (keys.HasMscale)
            {
                json.WriteReal("mscale", 0);
                json.WriteReal("mscale_all_dim", 0);
            }
        }

        json.WriteEndObject();
    }

    // The original context stands beside the object, as where nothing is scaled. Older versions of the library allow three keys within it,
    // and newer ones know more: those are written where they are needed.
    private static void WriteLongRope(Utf8JsonWriter json, RotaryScalingOptions scaling, int context)
    {
        var original = scaling.OriginalContext ?? context;
        json.WriteStartObject(Old);
        json.WriteString("type", LongRope);
        WriteList("short_factor", scaling.ShortFactors);
        WriteList("long_factor", scaling.LongFactors);
        var isUsual = scaling.AttentionFactor is null && scaling.Factor * original == context;
        if (!isUsual)
        {
            json.WriteReal("factor", scaling.Factor);
            json.WriteReal("attention_factor", scaling.AttentionFactor ?? RotationFacts.UsualAttentionFactor(scaling.Factor, original));
        }

        json.WriteEndObject();

        void WriteList(string key, IEnumerable<double> factors)
        {
            json.WriteStartArray(key);
            foreach (var factor in factors)
                json.WriteNumberValue(factor);
            json.WriteEndArray();
        }
    }

    // One number under several names: the library reads one of them, and which one depends on its version.
    private static double? Agreed(ConfigValues values, IReadOnlyList<(string Key, double? Value)> all)
    {
        var given = all.Where(one => one.Value is not null).ToList();
        var other = given.Find(one => one.Value != given[0].Value);
        values.Refuse(other.Value is not null, $"{(given.Count > 0 ? given[0].Key : "")} and {other.Key} differ; keep the one that holds");
        return given.Count > 0 ? given[0].Value : null;
    }

    private static string TypeOf(ConfigValues values, JsonPlace given)
    {
        var (now, before) = (values.Text(given, "rope_type"), values.Text(given, "type"));
        values.Refuse(
            now is not null && before is not null && now != before,
            $"{given.Path}.rope_type and {given.Path}.type differ; keep the one that holds"
        );
        return now ?? before ?? "default";
    }

    private static RotaryScalingOptions? Scaling(ConfigValues values, JsonPlace? place, RotationKeys keys)
    {
        if (place is not { } given)
            return null;
        var kind = TypeOf(values, given);
        (RotaryScalingType? type, string[] own) = kind switch
        {
            "linear" => (RotaryScalingType.Linear, OfLinear),
            "llama3" => (RotaryScalingType.Llama3, OfLlama3),
            "yarn" => (RotaryScalingType.Yarn, OfYarn),
            // Phi-3's files called it so at first.
            LongRope or "su" when keys.HasLongRope => (RotaryScalingType.LongRope, OfLongRope),
            _ => ((RotaryScalingType?)null, Array.Empty<string>()),
        };
        values.Refuse(
            type is null && kind != "default",
            $"its rotary frequencies are scaled ({given.Path}: {ShownText.Of(kind)}), which can't be declared"
        );
        if (type is null && kind != "default")
            return null;
        foreach (var (key, member) in given.Members())
            values.Refuse(
                !member.IsEmpty && !Common.Contains(key) && !own.Contains(key),
                $"{member.Path} is not read with rope_type {kind}"
            );
        if (type is not { } known)
            return null;
        if (known == RotaryScalingType.LongRope)
            return ReadLongRope(values, given);
        var factor = values.Positive(given, "factor");
        values.Refuse(factor is null && given.Optional("factor") is null, $"{given.Path} of type {kind} has no factor");
        var context = values.OptionalWhole(given, Context);
        values.Refuse(
            known != RotaryScalingType.Linear && given.Optional(Context) is null,
            $"{given.Path} of type {kind} has no {Context}"
        );
        return known switch
        {
            RotaryScalingType.Llama3 => new(
                known,
                factor ?? 1,
                context,
                LowFrequencyFactor: values.Positive(given, "low_freq_factor"),
                HighFrequencyFactor: values.Positive(given, "high_freq_factor")
            ),
            RotaryScalingType.Yarn => Yarn(values, given, factor ?? 1, context),
            _ => new(known, factor ?? 1),
        };
    }

    // The original context stands beside the object, and the factor is what the whole one makes of it.
    private static RotaryScalingOptions? ReadLongRope(ConfigValues values, JsonPlace given)
    {
        var (whole, beside, within) = (
            values.OptionalWhole("max_position_embeddings"),
            values.OptionalWhole(Context),
            values.OptionalWhole(given, Context)
        );
        values.Refuse(beside is not null && within is not null && beside != within, $"{Context} and {given.Path}.{Context} differ");
        var (lists, factor, attention) = (
            (Short: values.Positives(given, "short_factor"), Long: values.Positives(given, "long_factor")),
            values.Positive(given, "factor"),
            values.Positive(given, "attention_factor")
        );
        values.Refuse((beside ?? within) is null, $"{given.Path} of type {LongRope} has no {Context} beside it");
        values.Refuse((beside ?? within) == 1, $"{Context} is 1, from which no attention factor follows");
        values.Refuse(
            given.Optional("short_factor") is null || given.Optional("long_factor") is null,
            $"{given.Path} of type {LongRope} has no short_factor or no long_factor"
        );
        if ((beside ?? within) is not { } original || whole is not { } context || lists is not { Short: { } few, Long: { } many })
            return null;
        var ratio = (double)context / original;
        values.Refuse(
            factor is { } own && own != ratio && attention is null,
            $"{given.Path}.factor is not max_position_embeddings / {Context}, and which of them counts depends on the library's version; give attention_factor"
        );
        return new(RotaryScalingType.LongRope, Math.Max(1, factor ?? ratio), original, AttentionFactor: attention)
        {
            ShortFactors = new(few),
            LongFactors = new(many),
        };
    }

    private static RotaryScalingOptions Yarn(ConfigValues values, JsonPlace given, double factor, int? context)
    {
        values.Refuse(!values.Flag(given, "truncate", absent: true), $"{given.Path}.truncate is false, which can't be declared");
        // DeepSeek's: what the paper's factor is multiplied by for queries and keys, over the same for all of the scores.
        var (own, all) = (values.Real(given, "mscale"), values.Real(given, "mscale_all_dim"));
        var written = values.Positive(given, "attention_factor");
        var ratio =
            own is > 0 && all is > 0
                ? (own.Value * (RotationFacts.UsualAttentionFactor(factor) - 1) + 1)
                    / (all.Value * (RotationFacts.UsualAttentionFactor(factor) - 1) + 1)
                : (double?)null;
        values.Refuse(
            written is null && ratio is null && (own ?? all) is not null,
            $"{given.Path}.mscale and mscale_all_dim mean something together; both must be above 0, or left out"
        );
        return new(
            RotaryScalingType.Yarn,
            factor,
            context,
            BetaFast: values.Positive(given, "beta_fast"),
            BetaSlow: values.Positive(given, "beta_slow"),
            AttentionFactor: written ?? ratio
        );
    }

    private static string NameOf(RotaryScalingType type) =>
        type switch
        {
            RotaryScalingType.Llama3 => "llama3",
            RotaryScalingType.Yarn => "yarn",
            _ => "linear",
        };
}
