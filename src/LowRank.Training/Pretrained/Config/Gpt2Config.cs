using System.Text.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>The <c>config.json</c> of GPT-2.</summary>
internal static class Gpt2Config
{
    private static readonly GptConfig Keys = new(
        "n_embd",
        "n_layer",
        "n_head",
        "n_positions",
        "n_inner",
        "activation_function",
        "layer_norm_epsilon",
        UsualActivation: "gelu_new",
        MayLackHidden: true
    );

    /// <summary>Reads it; what it leaves out has the library's defaults.</summary>
    public static TransformerFacts Read(ConfigValues values)
    {
        values.Refuse(!values.Flag("scale_attn_weights", absent: true), "scale_attn_weights is false, and scores are always scaled here");
        values.Refuse(
            values.Flag("scale_attn_by_inverse_layer_idx", absent: false),
            "scale_attn_by_inverse_layer_idx is true, which can't be declared"
        );
        values.Refuse(values.Flag("add_cross_attention", absent: false), "add_cross_attention is true, which can't be declared");
        return Keys.Read(values) with
        {
            Biases = TransformerFacts.BiasesOf(queryKeyValue: true, output: true, feedForward: true, gated: false),
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
