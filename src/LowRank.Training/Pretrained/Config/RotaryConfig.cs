using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>
/// The <c>config.json</c> of LLaMA and of what descends from it: Mistral, Mixtral, Qwen2, Qwen3 with and without experts, OLMo 2, Phi-3,
/// SmolLM3.
/// </summary>
internal static class RotaryConfig
{
    private const int MistralWindow = 4_096;
    private const int QwenHeadSize = 128;

    /// <summary>Reads it; what it leaves out has the library's defaults.</summary>
    public static TransformerFacts Read(ConfigValues values, Architecture architecture)
    {
        var (width, depth, heads) = (
            values.Whole("hidden_size"),
            values.Whole("num_hidden_layers", ConfigValues.MostBlocks),
            values.Whole("num_attention_heads")
        );
        var activation = values.Text("hidden_act") ?? "silu";
        values.Refuse(ActivationNames.Read(activation) is null, $"hidden_act is {ShownText.Of(activation)}, which can't be declared");
        var headSize = values.OptionalWhole("head_dim");
        if (headSize is null && architecture == Architecture.Qwen3)
            headSize = QwenHeadSize;
        values.Refuse(headSize is null && width % heads != 0, $"num_attention_heads {heads} does not divide hidden_size {width}");
        var hasBias = HasAttentionBias(architecture) && values.Flag("attention_bias", absent: false);
        // The library's Qwen2 has its biases whatever this key says.
        if (architecture == Architecture.Qwen2)
            values.Know("attention_bias");
        var rotation = RotationConfig.Read(values, RotationKeys.Of(architecture));
        values.Refuse(
            architecture == Architecture.Phi3 && rotation.Scaling is { Type: not RotaryScalingType.LongRope },
            $"rope_scaling or rope_parameters scales its rotary frequencies otherwise than by longrope, which {Architecture.Phi3.Key()} knows alone"
        );
        var pairs = (int)((headSize ?? width / heads) * rotation.Fraction) / 2;
        values.Refuse(
            rotation.Scaling is { Type: RotaryScalingType.LongRope } scaling
                && (scaling.ShortFactors.Count != pairs || scaling.LongFactors.Count != pairs),
            $"short_factor or long_factor doesn't hold {pairs} numbers, one for each pair of elements that turns"
        );
        var mixtures = architecture switch
        {
            Architecture.Mixtral => MixtureConfig.ReadMixtral(values, depth),
            Architecture.Qwen3Moe => MixtureConfig.ReadQwen3(values, depth),
            _ => [],
        };
        var isMixtral = architecture == Architecture.Mixtral;
        return new TransformerFacts
        {
            Vocabulary = values.Whole("vocab_size"),
            Context = values.Whole("max_position_embeddings"),
            Width = width,
            Depth = depth,
            Heads = heads,
            KeyValueHeads = values.OptionalWhole("num_key_value_heads") ?? KeyValueHeads(architecture, heads),
            HeadSize = headSize ?? width / heads,
            QueryKeyNorm = architecture switch
            {
                Architecture.Qwen3 or Architecture.Qwen3Moe => QueryKeyNorm.Head,
                Architecture.Olmo2 => QueryKeyNorm.Projection,
                _ => QueryKeyNorm.None,
            },
            NormPlacement = architecture == Architecture.Olmo2 ? NormPlacement.After : NormPlacement.Before,
            Windows = architecture switch
            {
                Architecture.Llama or Architecture.Olmo2 => new int?[depth],
                Architecture.Mistral => OneWindow(values, depth, MistralWindow),
                Architecture.Mixtral or Architecture.Phi3 => OneWindow(values, depth, usual: null),
                Architecture.Qwen3Moe or Architecture.SmolLm3 => NoWindows(values, depth, architecture),
                _ => QwenWindows(values, depth),
            },
            ScoreScales = new double?[depth],
            ScoreSoftCaps = new double?[depth],
            // Without a dense block the size of one means nothing; of Mixtral it is an expert's.
            Hidden =
                isMixtral || (mixtures.Count > 0 && mixtures.All(mixture => mixture is not null)) ? 0 : values.Whole("intermediate_size"),
            Mixtures = mixtures.Any(mixture => mixture is not null) ? mixtures : [],
            Activation = ActivationNames.Read(activation) ?? Activation.Silu,
            Gated = true,
            Norm = Norm.RmsNorm,
            NormEpsilon = values.Positive("rms_norm_eps") ?? UsualEpsilon(architecture),
            LearnedPositions = false,
            Rotations =
                architecture == Architecture.SmolLm3
                    ? [.. Rotated(values, depth).Select(isRotated => isRotated ? rotation : null)]
                    : [.. Enumerable.Repeat(rotation, depth)],
            Residual = Residual.Sequential,
            Biases = TransformerFacts.BiasesOf(
                queryKeyValue: hasBias || architecture == Architecture.Qwen2,
                output: hasBias,
                feedForward: architecture is Architecture.Llama or Architecture.SmolLm3 && values.Flag("mlp_bias", absent: false),
                gated: true
            ),
            TiedHead = values.Flag("tie_word_embeddings", absent: architecture == Architecture.SmolLm3),
        };
    }

    /// <summary>Writes what is common to them and what is the architecture's own.</summary>
    public static void Write(Utf8JsonWriter json, TransformerFacts facts, Architecture architecture)
    {
        json.WriteNumber("vocab_size", facts.Vocabulary);
        json.WriteNumber("max_position_embeddings", facts.Context);
        json.WriteNumber("hidden_size", facts.Width);
        // Where no block is dense, a number has to stand there all the same.
        json.WriteNumber("intermediate_size", facts.Hidden > 0 ? facts.Hidden : facts.Mixture!.Hidden);
        json.WriteNumber("num_hidden_layers", facts.Depth);
        json.WriteNumber("num_attention_heads", facts.Heads);
        json.WriteNumber("num_key_value_heads", facts.KeyValueHeads);
        if (architecture == Architecture.Phi3)
            json.WriteNumber("original_max_position_embeddings", facts.OnlyRotation?.Scaling?.OriginalContext ?? facts.Context);
        else
            json.WriteNumber("head_dim", facts.HeadSize);
        json.WriteString("hidden_act", ActivationNames.Write(facts.Activation, architecture));
        json.WriteNumber("rms_norm_eps", facts.NormEpsilon);
        RotationConfig.Write(json, facts.OnlyRotationWhereRotated!, RotationKeys.Of(architecture), facts.Context);
        json.WriteNumber("attention_dropout", 0);
        if (HasAttentionBias(architecture))
            json.WriteBoolean("attention_bias", facts.OutputBias);
        if (architecture is Architecture.Llama or Architecture.SmolLm3)
            json.WriteBoolean("mlp_bias", facts.FeedForwardBias);
        if (architecture == Architecture.SmolLm3)
            WriteRotated(json, facts);
        if (architecture == Architecture.Mixtral)
            MixtureConfig.WriteMixtral(json, facts);
        if (architecture == Architecture.Qwen3Moe)
            MixtureConfig.WriteQwen3(json, facts);
        WriteWindows(json, facts, architecture);
    }

    private static bool HasAttentionBias(Architecture architecture) =>
        architecture is Architecture.Llama or Architecture.Qwen3 or Architecture.Olmo2 or Architecture.Qwen3Moe or Architecture.SmolLm3;

    private static double UsualEpsilon(Architecture architecture) =>
        architecture is Architecture.Olmo2 or Architecture.Mixtral or Architecture.Phi3 ? 1e-5 : 1e-6;

    private static void WriteWindows(Utf8JsonWriter json, TransformerFacts facts, Architecture architecture)
    {
        if (architecture is Architecture.Llama or Architecture.Olmo2)
            return;
        var windows = facts.WindowsWithin(facts.Context);
        var size = windows.FirstOrDefault(window => window is not null);
        if (size is { } window)
            json.WriteNumber("sliding_window", window);
        else
            json.WriteNull("sliding_window");
        if (architecture is Architecture.Mistral or Architecture.Mixtral or Architecture.Phi3)
            return;
        json.WriteBoolean("use_sliding_window", size is not null);
        if (architecture is Architecture.Qwen3Moe or Architecture.SmolLm3)
            return;
        // Older versions of the library know only "from this block on"; newer ones read the list.
        json.WriteNumber(
            "max_window_layers",
            Enumerable.Range(0, facts.Depth + 1).First(block => windows.Skip(block).All(other => other is not null))
        );
        LayerTypes.Write(json, windows);
    }

    private static int KeyValueHeads(Architecture architecture, int heads) =>
        architecture switch
        {
            Architecture.Llama or Architecture.Olmo2 or Architecture.Phi3 => heads,
            Architecture.Mistral or Architecture.Mixtral => 8,
            Architecture.Qwen3Moe or Architecture.SmolLm3 => 4,
            _ => 32,
        };

    private static int?[] OneWindow(ConfigValues values, int depth, int? usual)
    {
        var window = values.Has("sliding_window") ? values.OptionalWhole("sliding_window") : usual;
        return [.. Enumerable.Repeat(window, depth)];
    }

    // Versions of the library disagree on the blocks that have it.
    private static int?[] NoWindows(ConfigValues values, int depth, Architecture architecture)
    {
        values.Refuse(
            values.Flag("use_sliding_window", absent: false),
            $"use_sliding_window is true, which is not read of {architecture.Key()}"
        );
        return new int?[depth];
    }

    // A 1 says that the block rotates, whatever the key is called.
    private static IEnumerable<bool> Rotated(ConfigValues values, int depth)
    {
        var (rotated, interval) = (values.Wholes("no_rope_layers"), values.OptionalWhole("no_rope_layer_interval") ?? 4);
        if (rotated is null)
            return Enumerable.Range(0, depth).Select(block => (block + 1) % interval != 0);
        values.Refuse(rotated.Count < depth, $"no_rope_layers names {rotated.Count} layers of {depth}");
        values.Refuse(rotated.Any(one => one > 1), "no_rope_layers holds what is neither 0 nor 1");
        return Enumerable.Range(0, depth).Select(block => block < rotated.Count && rotated[block] == 1);
    }

    private static void WriteRotated(Utf8JsonWriter json, TransformerFacts facts)
    {
        json.WriteStartArray("no_rope_layers");
        foreach (var rotation in facts.Rotations)
            json.WriteNumberValue(rotation is null ? 0 : 1);
        json.WriteEndArray();
    }

    private static int?[] QwenWindows(ConfigValues values, int depth)
    {
        var windows = new int?[depth];
        var types = LayerTypes.Read(values, depth);
        if (!values.Flag("use_sliding_window", absent: false))
        {
            values.Refuse(
                types?.Contains(true) == true,
                $"{LayerTypes.Key} has {LayerTypes.Sliding}, and use_sliding_window is not true; keep the one that holds"
            );
            return windows;
        }

        var window = values.Has("sliding_window") ? values.OptionalWhole("sliding_window") : MistralWindow;
        var first = values.OptionalWhole("max_window_layers", least: 0) ?? 28;
        for (var block = 0; block < depth; block++)
        {
            if (types is null ? block >= first : types[block])
                windows[block] = window;
        }

        return windows;
    }
}
