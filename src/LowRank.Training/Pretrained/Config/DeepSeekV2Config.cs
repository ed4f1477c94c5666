using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>
/// The <c>config.json</c> of DeepSeek-V2 (arXiv:2405.04434), as its Lite model is: experts are chosen one by one, and not by groups.
/// </summary>
internal static class DeepSeekV2Config
{
    /// <summary>The ε of the norms of latent vectors, which no key says.</summary>
    public const double LatentEpsilon = 1e-6;

    /// <summary>Reads it; what it leaves out has the library's defaults.</summary>
    public static TransformerFacts Read(ConfigValues values)
    {
        var (width, depth, heads) = (
            values.Whole("hidden_size"),
            values.Whole("num_hidden_layers", ConfigValues.MostBlocks),
            values.Whole("num_attention_heads")
        );
        var activation = values.Text("hidden_act") ?? "silu";
        values.Refuse(ActivationNames.Read(activation) is null, $"hidden_act is {ShownText.Of(activation)}, which can't be declared");
        values.Refuse(
            values.OptionalWhole("num_key_value_heads") is { } shared && shared != heads,
            "num_key_value_heads is not num_attention_heads: latent attention expands keys and values of every head"
        );
        var epsilon = values.Positive("rms_norm_eps") ?? LatentEpsilon;
        values.Refuse(
            Math.Abs(epsilon - LatentEpsilon) > 1e-6 * LatentEpsilon,
            "rms_norm_eps is not 1e-6, which the norms of latent vectors have there, and a declaration says one for all norms"
        );
        var mixtures = MixtureConfig.ReadDeepSeek(values, depth);
        var hidden = values.OptionalWhole("intermediate_size") ?? 11_008;
        var rotation = RotationConfig.Read(values, RotationKeys.Of(Architecture.DeepSeekV2));
        return new TransformerFacts
        {
            Vocabulary = values.Whole("vocab_size"),
            Context = values.Whole("max_position_embeddings"),
            Width = width,
            Depth = depth,
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = values.OptionalWhole("qk_nope_head_dim") ?? 128,
            QueryKeyNorm = QueryKeyNorm.None,
            Latent = new(
                values.OptionalWhole("kv_lora_rank") ?? 512,
                values.Has("q_lora_rank") ? values.OptionalWhole("q_lora_rank") : 1_536,
                values.OptionalWhole("qk_rope_head_dim") ?? 64,
                values.OptionalWhole("v_head_dim") ?? 128,
                HasNorm: true
            ),
            Windows = new int?[depth],
            ScoreScales = new double?[depth],
            ScoreSoftCaps = new double?[depth],
            Hidden = mixtures.Count > 0 && mixtures.All(mixture => mixture is not null) ? 0 : hidden,
            Mixtures = mixtures,
            Activation = ActivationNames.Read(activation) ?? Activation.Silu,
            Gated = true,
            Norm = Norm.RmsNorm,
            NormEpsilon = epsilon,
            LearnedPositions = false,
            Rotations = [.. Enumerable.Repeat(rotation, depth)],
            Residual = Residual.Sequential,
            Biases = Projections.None,
            TiedHead = values.Flag("tie_word_embeddings", absent: false),
        };
    }

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, TransformerFacts facts)
    {
        var latent = facts.Latent!;
        json.WriteNumber("vocab_size", facts.Vocabulary);
        json.WriteNumber("max_position_embeddings", facts.Context);
        json.WriteNumber("hidden_size", facts.Width);
        json.WriteNumber("intermediate_size", facts.Hidden > 0 ? facts.Hidden : facts.Mixture!.Hidden);
        json.WriteNumber("num_hidden_layers", facts.Depth);
        json.WriteNumber("num_attention_heads", facts.Heads);
        json.WriteNumber("num_key_value_heads", facts.Heads);
        json.WriteNumber("kv_lora_rank", latent.KeyValueRank);
        if (latent.QueryRank is { } rank)
            json.WriteNumber("q_lora_rank", rank);
        else
            json.WriteNull("q_lora_rank");
        json.WriteNumber("qk_nope_head_dim", facts.HeadSize);
        json.WriteNumber("qk_rope_head_dim", latent.RotarySize ?? 0);
        json.WriteNumber("v_head_dim", latent.ValueSize);
        json.WriteString("hidden_act", ActivationNames.Write(facts.Activation, Architecture.DeepSeekV2));
        json.WriteNumber("rms_norm_eps", facts.NormEpsilon);
        RotationConfig.Write(json, facts.OnlyRotation!, RotationKeys.Of(Architecture.DeepSeekV2), facts.Context);
        json.WriteNumber("attention_dropout", 0);
        json.WriteBoolean("attention_bias", false);
        MixtureConfig.WriteDeepSeek(json, facts);
    }
}
