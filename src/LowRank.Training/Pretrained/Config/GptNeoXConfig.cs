using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>The <c>config.json</c> of GPT-NeoX and Pythia.</summary>
internal static class GptNeoXConfig
{
    /// <summary>Reads it; what it leaves out has the library's defaults.</summary>
    public static TransformerFacts Read(ConfigValues values)
    {
        var (width, depth, heads) = (
            values.Whole("hidden_size"),
            values.Whole("num_hidden_layers", ConfigValues.MostBlocks),
            values.Whole("num_attention_heads")
        );
        var activation = values.Text("hidden_act") ?? "gelu";
        values.Refuse(ActivationNames.Read(activation) is null, $"hidden_act is {ShownText.Of(activation)}, which can't be declared");
        values.Refuse(width % heads != 0, $"num_attention_heads {heads} does not divide hidden_size {width}");
        var hasBias = values.Flag("attention_bias", absent: true);
        var rotation = RotationConfig.Read(values, RotationKeys.Of(Architecture.GptNeoX));
        return new TransformerFacts
        {
            Vocabulary = values.Whole("vocab_size"),
            Context = values.Whole("max_position_embeddings"),
            Width = width,
            Depth = depth,
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = width / heads,
            QueryKeyNorm = QueryKeyNorm.None,
            Windows = new int?[depth],
            ScoreScales = new double?[depth],
            ScoreSoftCaps = new double?[depth],
            Hidden = values.Whole("intermediate_size"),
            Activation = ActivationNames.Read(activation) ?? Activation.Gelu,
            Gated = false,
            Norm = Norm.LayerNorm,
            NormBias = true,
            NormEpsilon = values.Positive("layer_norm_eps") ?? 1e-5,
            LearnedPositions = false,
            Rotations = [.. Enumerable.Repeat(rotation, depth)],
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
        RotationConfig.Write(json, facts.OnlyRotation!, RotationKeys.Of(Architecture.GptNeoX));
        json.WriteBoolean("use_parallel_residual", facts.Residual == Residual.Parallel);
        json.WriteBoolean("attention_bias", facts.OutputBias);
        json.WriteNumber("attention_dropout", 0);
        json.WriteNumber("hidden_dropout", 0);
    }
}
