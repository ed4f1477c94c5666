using System.Text.Json;
using LowRank.Training.Json;

namespace LowRank.Training.Pretrained.Config;

/// <summary>
/// Keys of <c>config.json</c> that change what some model computes. An architecture that doesn't read one is the model of its name only
/// where the key says nothing: any other value is refused, and not passed over.
/// </summary>
internal static class NeutralKeys
{
    // Factors of the stream, the scores and the logits (Granite, Cohere, MiniCPM, Grok), and rotated parts of heads.
    private static readonly string[] OnlyOne =
    [
        "logit_scale",
        "logits_scaling",
        "lm_head_multiplier",
        "output_multiplier_scale",
        "residual_multiplier",
        "embedding_multiplier",
        "embedding_multiplier_scale",
        "scale_emb",
        "key_multiplier",
        "attention_in_multiplier",
        "attention_out_multiplier",
        "partial_rotary_factor",
        "rotary_pct",
    ];

    // Clipped activations, caps, chunks and scales of the scores, blocks that don't rotate, quantized weights.
    private static readonly string[] OnlyAbsent =
    [
        "clip_qkv",
        "attn_logit_softcapping",
        "final_logit_softcapping",
        "attention_multiplier",
        "query_pre_attn_scalar",
        "attention_chunk_size",
        "scale_depth",
        "dim_model_base",
        "no_rope_layers",
        "quantization_config",
        "compression_config",
    ];

    private static readonly string[] OnlyFalse =
    [
        "alibi",
        "use_alibi",
        "attention_bias",
        "mlp_bias",
        "use_qk_norm",
        "qk_norm",
        "qk_layernorm",
        "parallel_attn",
        "parallel_residual",
        "use_parallel_residual",
        "rope_interleave",
        "rope_interleaved",
        "attn_temperature_tuning",
        "use_bidirectional_attention",
        "add_cross_attention",
        "is_encoder_decoder",
        "scale_attn_by_inverse_layer_idx",
    ];

    // Of experts: none, or the one that a dense model is.
    private static readonly string[] AtMostOne = ["num_local_experts", "num_experts", "n_routed_experts"];

    /// <summary>Refuses those that nothing has read and that say something.</summary>
    /// <param name="values">The file, after an architecture has read what it knows.</param>
    /// <param name="architecture">The architecture.</param>
    public static void Check(ConfigValues values, Architecture architecture)
    {
        foreach (var key in OnlyOne)
            Hold(key, place => Number(place) == 1, "1");
        foreach (var key in OnlyAbsent)
            Hold(key, _ => false, "null");
        foreach (var key in OnlyFalse)
            Hold(key, place => place.Element!.Value.ValueKind == JsonValueKind.False, "false");
        foreach (var key in AtMostOne)
            Hold(key, place => Number(place) is 0 or 1, "0 or 1");
        Hold("is_causal", place => place.Element!.Value.ValueKind == JsonValueKind.True, "true");

        void Hold(string key, Func<JsonPlace, bool> isNeutral, string neutral)
        {
            if (values.Unread(key) is { } place && !isNeutral(place))
                values.MustBe(place, $"{neutral} or left out for {architecture.Key()}, which can't say it otherwise");
        }
    }

    /// <summary>Refuses <c>layer_types</c> that are not what an architecture without that key computes.</summary>
    /// <param name="values">The file.</param>
    /// <param name="windows">The windows of its blocks.</param>
    public static void CheckLayerTypes(ConfigValues values, IReadOnlyList<int?> windows)
    {
        if (values.Texts("layer_types") is not { } types)
            return;
        values.Refuse(
            types.Count != windows.Count
                || types
                    .Zip(windows)
                    .Any(pair => pair.First != LayerTypes.Full && !(pair.First == LayerTypes.Sliding && pair.Second is not null)),
            "layer_types names other attention than the architecture has"
        );
    }

    private static double? Number(JsonPlace place) =>
        place.Element is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? number : null;
}
