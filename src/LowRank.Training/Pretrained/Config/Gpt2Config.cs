using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>The <c>config.json</c> of GPT-2.</summary>
internal static class Gpt2Config
{
    /// <summary>Reads it; what it leaves out has the library's defaults.</summary>
    public static TransformerFacts Read(ConfigValues values)
    {
        var (width, depth, heads) = (values.Whole("n_embd"), values.Whole("n_layer", ConfigValues.MostBlocks), values.Whole("n_head"));
        var activation = values.Text("activation_function") ?? "gelu_new";
        values.Refuse(
            ActivationNames.Read(activation) is null,
            $"activation_function is {ShownText.Of(activation)}, which can't be declared"
        );
        values.Refuse(width % heads != 0, $"n_head {heads} does not divide n_embd {width}");
        values.Refuse(!values.Flag("scale_attn_weights", absent: true), "scale_attn_weights is false, and scores are always scaled here");
        values.Refuse(
            values.Flag("scale_attn_by_inverse_layer_idx", absent: false),
            "scale_attn_by_inverse_layer_idx is true, which can't be declared"
        );
        values.Refuse(values.Flag("add_cross_attention", absent: false), "add_cross_attention is true, which can't be declared");
        return new TransformerFacts
        {
            Vocabulary = values.Whole("vocab_size"),
            Context = values.Whole("n_positions"),
            Width = width,
            Depth = depth,
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = width / heads,
            QueryKeyNorm = QueryKeyNorm.None,
            Windows = new int?[depth],
            ScoreScales = new double?[depth],
            ScoreSoftCaps = new double?[depth],
            Hidden = values.OptionalWhole("n_inner") ?? 4 * width,
            Activation = ActivationNames.Read(activation) ?? Activation.GeluTanh,
            Gated = false,
            Norm = Norm.LayerNorm,
            NormBias = true,
            NormEpsilon = values.Positive("layer_norm_epsilon") ?? 1e-5,
            LearnedPositions = true,
            Rotations = new RotationFacts?[depth],
            Residual = Residual.Sequential,
            Biases = TransformerFacts.BiasesOf(queryKeyValue: true, output: true, feedForward: true, gated: false),
            TiedHead = values.Flag("tie_word_embeddings", absent: true),
        };
    }

    /// <summary>Writes what is GPT-2's own.</summary>
    public static void Write(Utf8JsonWriter json, TransformerFacts facts)
    {
        json.WriteNumber("vocab_size", facts.Vocabulary);
        json.WriteNumber("n_positions", facts.Context);
        json.WriteNumber("n_ctx", facts.Context);
        json.WriteNumber("n_embd", facts.Width);
        json.WriteNumber("n_layer", facts.Depth);
        json.WriteNumber("n_head", facts.Heads);
        json.WriteNumber("n_inner", facts.Hidden);
        json.WriteString("activation_function", ActivationNames.Write(facts.Activation, Architecture.Gpt2));
        json.WriteNumber("layer_norm_epsilon", facts.NormEpsilon);
        json.WriteNumber("attn_pdrop", 0);
        json.WriteNumber("embd_pdrop", 0);
        json.WriteNumber("resid_pdrop", 0);
    }
}
