using System.Text.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>The <c>config.json</c> of GPT-NeoX and Pythia.</summary>
internal static class GptNeoXConfig
{
    private static readonly GptConfig Keys = new(
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "max_position_embeddings",
        "intermediate_size",
        "hidden_act",
        "layer_norm_eps",
        UsualActivation: "gelu",
        MayLackHidden: false
    );

    /// <summary>Reads it; what it leaves out has the library's defaults.</summary>
    public static TransformerFacts Read(ConfigValues values)
    {
        var facts = Keys.Read(values);
        var hasBias = values.Flag("attention_bias", absent: true);
        var rotation = RotationConfig.Read(values, RotationKeys.Of(Architecture.GptNeoX));
        return facts with
        {
            LearnedPositions = false,
            Rotations = [.. Enumerable.Repeat(rotation, facts.Depth)],
            Residual = values.Flag("use_parallel_residual", absent: true) ? Residual.Parallel : Residual.Sequential,
            Biases = TransformerFacts.BiasesOf(queryKeyValue: hasBias, output: hasBias, feedForward: true, gated: false),
            TiedHead = values.Flag("tie_word_embeddings", absent: false),
        };
    }

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, TransformerFacts facts)
    {
        json.WriteNumber("vocab_size", facts.Vocabulary);
        json.WriteNumber("max_position_embeddings", facts.Context);
        json.WriteNumber("hidden_size", facts.Width);
        json.WriteNumber("intermediate_size", facts.Hidden);
        json.WriteNumber("num_hidden_layers", facts.Depth);
        json.WriteNumber("num_attention_heads", facts.Heads);
        json.WriteString("hidden_act", ActivationNames.Write(facts.Activation, Architecture.GptNeoX));
        json.WriteNumber("layer_norm_eps", facts.NormEpsilon);
        RotationConfig.Write(json, facts.OnlyRotation!, RotationKeys.Of(Architecture.GptNeoX), facts.Context);
        json.WriteBoolean("use_parallel_residual", facts.Residual == Residual.Parallel);
        json.WriteBoolean("attention_bias", facts.OutputBias);
        json.WriteNumber("attention_dropout", 0);
        json.WriteNumber("hidden_dropout", 0);
    }
}
