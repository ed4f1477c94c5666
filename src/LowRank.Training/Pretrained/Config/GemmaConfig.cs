using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>The <c>config.json</c> of Gemma 2 and of Gemma 3's text model.</summary>
internal static class GemmaConfig
{
    private const double LocalBase = 10_000;
    private const double GlobalBase = 1_000_000;

    /// <summary>Reads it; what it leaves out has the library's defaults.</summary>
    public static TransformerFacts Read(ConfigValues values, Architecture architecture)
    {
        var isThird = architecture == Architecture.Gemma3Text;
        var (width, depth, heads) = (
            values.Whole("hidden_size"),
            values.Whole("num_hidden_layers", ConfigValues.MostBlocks),
            values.Whole("num_attention_heads")
        );
        var activation = values.Text("hidden_activation") ?? "gelu_pytorch_tanh";
        values.Refuse(
            ActivationNames.Read(activation) is null,
            $"hidden_activation is {ShownText.Of(activation)}, which can't be declared"
        );
        values.Refuse(
            values.Flag("use_bidirectional_attention", absent: false),
            "use_bidirectional_attention is true, which can't be declared"
        );
        var hasBias = values.Flag("attention_bias", absent: false);
        var windows = Windows(values, depth, isThird);
        var scale = 1 / Math.Sqrt(values.Positive("query_pre_attn_scalar") ?? 256);
        return new TransformerFacts
        {
            Vocabulary = values.Whole("vocab_size"),
            Context = values.Whole("max_position_embeddings"),
            Width = width,
            Depth = depth,
            Heads = heads,
            KeyValueHeads = values.OptionalWhole("num_key_value_heads") ?? 4,
            HeadSize = values.OptionalWhole("head_dim") ?? 256,
            QueryKeyNorm = isThird ? QueryKeyNorm.Head : QueryKeyNorm.None,
            Windows = windows,
            ScoreScales = [.. Enumerable.Repeat((double?)scale, depth)],
            ScoreSoftCaps = [.. Enumerable.Repeat(Cap(values, "attn_logit_softcapping", isThird ? null : 50), depth)],
            EmbeddingScale = Math.Sqrt(width),
            LogitSoftCap = Cap(values, "final_logit_softcapping", isThird ? null : 30),
            Hidden = values.Whole("intermediate_size"),
            Activation = ActivationNames.Read(activation) ?? Activation.GeluTanh,
            Gated = true,
            Norm = Norm.RmsNorm,
            NormPlacement = NormPlacement.Both,
            NormEpsilon = values.Positive("rms_norm_eps") ?? 1e-6,
            LearnedPositions = false,
            Rotations = Rotations(values, windows, isThird),
            Residual = Residual.Sequential,
            Biases = TransformerFacts.BiasesOf(queryKeyValue: hasBias, output: hasBias, feedForward: false, gated: true),
            TiedHead = values.Flag("tie_word_embeddings", absent: true),
        };
    }

    /// <summary>Writes what is common to both and what is the architecture's own.</summary>
    public static void Write(Utf8JsonWriter json, TransformerFacts facts, Architecture architecture)
    {
        var isThird = architecture == Architecture.Gemma3Text;
        var windows = facts.WindowsWithin(facts.Context);
        json.WriteNumber("vocab_size", facts.Vocabulary);
        json.WriteNumber("max_position_embeddings", facts.Context);
        json.WriteNumber("hidden_size", facts.Width);
        json.WriteNumber("intermediate_size", facts.Hidden);
        json.WriteNumber("num_hidden_layers", facts.Depth);
        json.WriteNumber("num_attention_heads", facts.Heads);
        json.WriteNumber("num_key_value_heads", facts.KeyValueHeads);
        json.WriteNumber("head_dim", facts.HeadSize);
        json.WriteString("hidden_activation", ActivationNames.Write(facts.Activation, architecture));
        json.WriteNumber("rms_norm_eps", facts.NormEpsilon);
        json.WriteNumber("attention_dropout", 0);
        json.WriteBoolean("attention_bias", facts.OutputBias);
        WriteScalar(json, facts);
        WriteCap(json, "attn_logit_softcapping", facts.ScoreSoftCaps[0]);
        WriteCap(json, "final_logit_softcapping", facts.LogitSoftCap);
        var globals = facts.Rotations.Where((_, block) => !isThird || windows[block] is null).ToList();
        RotationConfig.Write(json, globals.Count > 0 ? globals[0]! : new(GlobalBase, 1), new RotationKeys(), facts.Context);
        if (isThird)
            json.WriteReal(
                "rope_local_base_freq",
                facts.Rotations.Where((_, block) => windows[block] is not null).FirstOrDefault()?.Base ?? LocalBase
            );
        json.WriteNumber("sliding_window", windows.FirstOrDefault(window => window is not null) ?? facts.Context);
        LayerTypes.Write(json, windows);
    }

    // A whole number in every published file.
    private static void WriteScalar(Utf8JsonWriter json, TransformerFacts facts)
    {
        var scalar = facts.ScoreScales[0] is { } scale ? 1 / (scale * scale) : facts.HeadSize;
        if (Math.Abs(scalar - Math.Round(scalar)) < 1e-6 * scalar)
            json.WriteNumber("query_pre_attn_scalar", (long)Math.Round(scalar));
        else
            json.WriteNumber("query_pre_attn_scalar", scalar);
    }

    private static void WriteCap(Utf8JsonWriter json, string name, double? cap)
    {
        if (cap is { } given)
            json.WriteReal(name, given);
        else
            json.WriteNull(name);
    }

    private static double? Cap(ConfigValues values, string name, double? usual) => values.Has(name) ? values.Positive(name) : usual;

    private static int?[] Windows(ConfigValues values, int depth, bool isThird)
    {
        var window = values.Has("sliding_window") ? values.OptionalWhole("sliding_window") : 4_096;
        var types = LayerTypes.Read(values, depth);
        var pattern = isThird ? values.OptionalWhole("sliding_window_pattern") ?? 6 : 2;
        return [.. Enumerable.Range(0, depth).Select(block => (types is null ? (block + 1) % pattern != 0 : types[block]) ? window : null)];
    }

    // Where there is a window, Gemma 3 has a base of its own and scales nothing.
    private static IReadOnlyList<RotationFacts?> Rotations(ConfigValues values, int?[] windows, bool isThird)
    {
        if (!isThird)
            return [.. windows.Select(_ => RotationConfig.Read(values, new RotationKeys(LocalBase)))];
        var (parameters, old) = (values.Object("rope_parameters"), values.Object("rope_scaling"));
        var (ofFull, ofSliding) = (
            parameters is null ? null : values.Object(parameters, LayerTypes.Full),
            parameters is null ? null : values.Object(parameters, LayerTypes.Sliding)
        );
        if (ofFull is not null || ofSliding is not null)
        {
            foreach (var (key, place) in parameters!.Members())
                values.Refuse(
                    !place.IsEmpty && key is not (LayerTypes.Full or LayerTypes.Sliding),
                    $"{place.Path} is not read beside {LayerTypes.Full} and {LayerTypes.Sliding}"
                );
            parameters = ofFull;
        }

        var global = RotationConfig.Read(values, parameters, old, new RotationKeys(GlobalBase));
        var local = RotationConfig.Read(values, ofSliding, old: null, new RotationKeys(LocalBase) { Base = ["rope_local_base_freq"] });
        values.Refuse(
            local.Scaling is not null,
            $"rope_parameters.{LayerTypes.Sliding} scales the rotary frequencies where there is a window, which {Architecture.Gemma3Text.Key()} doesn't"
        );
        return [.. windows.Select(window => window is null ? global : local)];
    }
}
