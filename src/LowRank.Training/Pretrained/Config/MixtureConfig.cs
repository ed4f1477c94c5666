using System.Text.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>How <c>config.json</c> says mixtures of experts. Balancing losses, which training alone has, are left as they are.</summary>
internal static class MixtureConfig
{
    /// <summary>Mixtral's: one in every block.</summary>
    public static IReadOnlyList<MixtureFacts?> ReadMixtral(ConfigValues values, int depth)
    {
        var mixture = Of(
            values,
            Count(values, 8),
            values.OptionalWhole("num_experts_per_tok") ?? 2,
            values.Whole("intermediate_size"),
            true
        );
        return [.. Enumerable.Repeat((MixtureFacts?)mixture, depth)];
    }

    /// <summary>Qwen3's: in every <c>decoder_sparse_step</c>-th block that <c>mlp_only_layers</c> doesn't name.</summary>
    public static IReadOnlyList<MixtureFacts?> ReadQwen3(ConfigValues values, int depth)
    {
        var mixture = Of(
            values,
            Count(values, 128),
            values.OptionalWhole("num_experts_per_tok") ?? 8,
            values.OptionalWhole("moe_intermediate_size") ?? 768,
            values.Flag("norm_topk_prob", absent: false)
        );
        var (step, dense) = (values.OptionalWhole("decoder_sparse_step") ?? 1, values.Wholes("mlp_only_layers") ?? []);
        return [.. Enumerable.Range(0, depth).Select(block => (block + 1) % step == 0 && !dense.Contains(block) ? mixture : null)];
    }

    /// <summary>DeepSeek-V2's: from a block on, with shared experts.</summary>
    public static IReadOnlyList<MixtureFacts?> ReadDeepSeek(ConfigValues values, int depth)
    {
        var first = values.OptionalWhole("first_k_dense_replace", least: 0) ?? 0;
        var hidden = values.OptionalWhole("moe_intermediate_size") ?? 1_407;
        var count = values.Has("n_routed_experts") ? values.OptionalWhole("n_routed_experts") : 64;
        var shared = values.Has("n_shared_experts") ? values.OptionalWhole("n_shared_experts", least: 0) : 2;
        RefuseOther(values, "topk_method", "greedy");
        RefuseOther(values, "scoring_func", "softmax");
        values.Refuse(
            values.Flag("norm_topk_prob", absent: false),
            $"norm_topk_prob is true, which programs that run {Architecture.DeepSeekV2.Key()} read differently"
        );
        values.Refuse((values.OptionalWhole("moe_layer_freq") ?? 1) != 1, "moe_layer_freq is not 1, which is not read");
        var scale = values.Positive("routed_scaling_factor") ?? 1;
        if (count is not { } experts || first >= depth)
            return [];
        var mixture = Of(values, experts, values.Whole("num_experts_per_tok"), hidden, normalizes: false) with
        {
            WeightScale = scale,
            SharedHidden = (int)Math.Min((long)(shared ?? 0) * hidden, int.MaxValue),
        };
        return [.. Enumerable.Range(0, depth).Select(block => block >= first ? mixture : null)];
    }

    /// <summary>Writes Mixtral's.</summary>
    public static void WriteMixtral(Utf8JsonWriter json, TransformerFacts facts)
    {
        json.WriteNumber("num_local_experts", facts.Mixture!.Experts);
        json.WriteNumber("num_experts_per_tok", facts.Mixture.Active);
        json.WriteBoolean("output_router_logits", false);
    }

    /// <summary>Writes Qwen3's.</summary>
    public static void WriteQwen3(Utf8JsonWriter json, TransformerFacts facts)
    {
        json.WriteNumber("num_experts", facts.Mixture!.Experts);
        json.WriteNumber("num_experts_per_tok", facts.Mixture.Active);
        json.WriteNumber("moe_intermediate_size", facts.Mixture.Hidden);
        json.WriteBoolean("norm_topk_prob", facts.Mixture.Normalizes);
        json.WriteNumber("decoder_sparse_step", 1);
        json.WriteStartArray("mlp_only_layers");
        for (var block = 0; block < facts.Depth; block++)
        {
            if (facts.Mixtures[block] is null)
                json.WriteNumberValue(block);
        }

        json.WriteEndArray();
        json.WriteBoolean("output_router_logits", false);
    }

    /// <summary>Writes DeepSeek-V2's.</summary>
    public static void WriteDeepSeek(Utf8JsonWriter json, TransformerFacts facts)
    {
        if (facts.Mixture is not { } mixture)
        {
            json.WriteNull("n_routed_experts");
            json.WriteNumber("first_k_dense_replace", facts.Depth);
            return;
        }

        json.WriteNumber("first_k_dense_replace", facts.Mixtures.TakeWhile(other => other is null).Count());
        json.WriteNumber("moe_layer_freq", 1);
        json.WriteNumber("n_routed_experts", mixture.Experts);
        json.WriteNumber("num_experts_per_tok", mixture.Active);
        json.WriteNumber("moe_intermediate_size", mixture.Hidden);
        if (mixture.SharedHidden > 0)
            json.WriteNumber("n_shared_experts", mixture.SharedHidden / mixture.Hidden);
        else
            json.WriteNull("n_shared_experts");
        json.WriteReal("routed_scaling_factor", mixture.WeightScale);
        json.WriteString("scoring_func", "softmax");
        json.WriteString("topk_method", "greedy");
        json.WriteNumber("n_group", 1);
        json.WriteNumber("topk_group", 1);
        json.WriteBoolean("norm_topk_prob", false);
    }

    private static MixtureFacts Of(ConfigValues values, int count, int active, int hidden, bool normalizes)
    {
        values.Refuse(active > count, $"num_experts_per_tok is {active}, more than the {count} experts");
        values.Refuse(count < 2, "one expert is no mixture");
        return new(count, active, hidden, 0, RouterScore.Softmax, normalizes, 1);
    }

    // The library knows either name for the other.
    private static int Count(ConfigValues values, int usual)
    {
        var (local, plain) = (values.OptionalWhole("num_local_experts"), values.OptionalWhole("num_experts"));
        values.Refuse(
            local is not null && plain is not null && local != plain,
            "num_local_experts and num_experts differ; keep the one that holds"
        );
        return local ?? plain ?? usual;
    }

    private static void RefuseOther(ConfigValues values, string key, string only)
    {
        var given = values.Text(key);
        values.Refuse(given is not null && given != only, $"{key} is {Json.ShownText.Of(given ?? "")}; {only} alone can be declared");
    }
}
