using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>The <c>config.json</c> of LLaMA and of what descends from it: Mistral, Qwen2, Qwen3, OLMo 2.</summary>
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
        var hasBias =
            architecture is Architecture.Llama or Architecture.Qwen3 or Architecture.Olmo2 && values.Flag("attention_bias", absent: false);
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
                Architecture.Qwen3 => QueryKeyNorm.Head,
                Architecture.Olmo2 => QueryKeyNorm.Projection,
                _ => QueryKeyNorm.None,
            },
            NormPlacement = architecture == Architecture.Olmo2 ? NormPlacement.After : NormPlacement.Before,
            Windows = architecture switch
            {
                Architecture.Llama or Architecture.Olmo2 => new int?[depth],
                Architecture.Mistral => MistralWindows(values, depth),
                _ => QwenWindows(values, depth),
            },
            ScoreScales = new double?[depth],
            ScoreSoftCaps = new double?[depth],
            Hidden = values.Whole("intermediate_size"),
            Activation = ActivationNames.Read(activation) ?? Activation.Silu,
            Gated = true,
            Norm = Norm.RmsNorm,
            NormEpsilon = values.Real("rms_norm_eps") ?? (architecture == Architecture.Olmo2 ? 1e-5 : 1e-6),
            LearnedPositions = false,
            Rotations = [.. Enumerable.Repeat(RotationConfig.Read(values), depth)],
            Residual = Residual.Sequential,
            Biases = TransformerFacts.BiasesOf(
                queryKeyValue: hasBias || architecture == Architecture.Qwen2,
                output: hasBias,
                feedForward: architecture == Architecture.Llama && values.Flag("mlp_bias", absent: false),
                gated: true
            ),
            TiedHead = values.Flag("tie_word_embeddings", absent: false),
        };
    }

    /// <summary>Writes what is common to them and what is the architecture's own.</summary>
    public static void Write(Utf8JsonWriter json, TransformerFacts facts, Architecture architecture)
    {
        json.WriteNumber("vocab_size", facts.Vocabulary);
        json.WriteNumber("max_position_embeddings", facts.Context);
        json.WriteNumber("hidden_size", facts.Width);
        json.WriteNumber("intermediate_size", facts.Hidden);
        json.WriteNumber("num_hidden_layers", facts.Depth);
        json.WriteNumber("num_attention_heads", facts.Heads);
        json.WriteNumber("num_key_value_heads", facts.KeyValueHeads);
        json.WriteNumber("head_dim", facts.HeadSize);
        json.WriteString("hidden_act", ActivationNames.Write(facts.Activation, architecture));
        json.WriteNumber("rms_norm_eps", facts.NormEpsilon);
        RotationConfig.Write(json, facts.OnlyRotation!);
        json.WriteNumber("attention_dropout", 0);
        if (architecture is Architecture.Llama or Architecture.Qwen3 or Architecture.Olmo2)
            json.WriteBoolean("attention_bias", facts.OutputBias);
        if (architecture == Architecture.Llama)
            json.WriteBoolean("mlp_bias", facts.FeedForwardBias);
        WriteWindows(json, facts, architecture);
    }

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
        if (architecture == Architecture.Mistral)
            return;
        json.WriteBoolean("use_sliding_window", size is not null);
        // Older versions of the library know only "from this block on"; newer ones read the list.
        json.WriteNumber(
            "max_window_layers",
            Enumerable.Range(0, facts.Depth + 1).First(block => windows.Skip(block).All(other => other is not null))
        );
        json.WriteStartArray("layer_types");
        foreach (var other in windows)
            json.WriteStringValue(other is null ? "full_attention" : "sliding_attention");
        json.WriteEndArray();
    }

    private static int KeyValueHeads(Architecture architecture, int heads) =>
        architecture switch
        {
            Architecture.Llama or Architecture.Olmo2 => heads,
            Architecture.Mistral => 8,
            _ => 32,
        };

    private static int?[] MistralWindows(ConfigValues values, int depth)
    {
        var window = values.Has("sliding_window") ? values.OptionalWhole("sliding_window") : MistralWindow;
        return [.. Enumerable.Repeat(window, depth)];
    }

    private static int?[] QwenWindows(ConfigValues values, int depth)
    {
        var windows = new int?[depth];
        if (!values.Flag("use_sliding_window", absent: false))
            return windows;
        var window = values.Has("sliding_window") ? values.OptionalWhole("sliding_window") : MistralWindow;
        var first = values.OptionalWhole("max_window_layers", least: 0) ?? 28;
        var types = values.Texts("layer_types");
        values.Refuse(types is not null && types.Count != depth, $"layer_types names {types?.Count} layers of {depth}");
        for (var block = 0; block < depth; block++)
        {
            if (types is null ? block >= first : block < types.Count && types[block] == "sliding_attention")
                windows[block] = window;
        }

        return windows;
    }
}
