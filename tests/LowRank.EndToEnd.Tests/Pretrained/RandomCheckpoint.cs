using System.Text.Json.Nodes;
using LowRank.Training.SafeTensors;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>
/// A tiny checkpoint with random weights, under the names, shapes and settings that Hugging Face's library gives them; written out here
/// once more, so that the code under test is held against something.
/// </summary>
internal sealed class RandomCheckpoint : IDisposable
{
    private const int Vocabulary = 320;
    private const int Context = 32;
    private const int Width = 48;

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TorchSharp.torch.Generator random = new(7);

    private RandomCheckpoint(string model, JsonObject config)
    {
        Model = model;
        Config = config;
    }

    /// <summary>The declared model that it fits.</summary>
    public string Model { get; }

    /// <summary>config.json.</summary>
    public JsonObject Config { get; }

    public SortedDictionary<string, Tensor> Tensors { get; } = new(StringComparer.Ordinal);

    public static TheoryData<string> Kinds =>
        [
            "gpt2",
            "gpt2-base",
            "llama",
            "llama-biased",
            "mistral",
            "qwen2",
            "qwen3",
            "qwen3-hybrid",
            "llama-scaled",
            "qwen3-yarn",
            "olmo2",
            "gemma2",
            "gemma3",
            "gpt-neo",
            "phi3",
            "phi3-long",
            "pythia",
            "gpt-neox",
            "mixtral",
            "qwen3-moe",
            "deepseek-v2",
            "deepseek-v2-yarn",
            "smollm3",
        ];

    public static RandomCheckpoint Create(string kind) =>
        kind switch
        {
            "gpt2" => Gpt2("transformer."),
            "gpt2-base" => Gpt2(""),
            "llama" => Rotary(
                "TinyLlama",
                """{"model_type": "llama", "rope_theta": 500000.0, "rms_norm_eps": 1e-6, "num_key_value_heads": 2}"""
            ),
            "llama-biased" => Rotary(
                "TinyBiasedLlama",
                """{"model_type": "llama", "rms_norm_eps": 1e-5, "attention_bias": true, "mlp_bias": true, "hidden_act": "gelu_pytorch_tanh", "tie_word_embeddings": true}"""
            ),
            "mistral" => Rotary(
                "TinyMistral",
                """{"model_type": "mistral", "rms_norm_eps": 1e-5, "num_key_value_heads": 1, "head_dim": 16, "sliding_window": 6}"""
            ),
            "qwen2" => Rotary(
                "TinyQwen2",
                """{"model_type": "qwen2", "rope_theta": 1000000.0, "rms_norm_eps": 1e-6, "num_attention_heads": 6, "num_key_value_heads": 2, "tie_word_embeddings": true, "use_sliding_window": false, "sliding_window": 4, "max_window_layers": 1}"""
            ),
            "qwen3" => Rotary(
                "TinyQwen3",
                """{"model_type": "qwen3", "rope_parameters": {"rope_theta": 1000000.0, "rope_type": "default"}, "rms_norm_eps": 1e-6, "num_key_value_heads": 2, "head_dim": 16, "tie_word_embeddings": true}"""
            ),
            "llama-scaled" => Rotary(
                "TinyScaledLlama",
                """{"model_type": "llama", "rope_theta": 500.0, "rms_norm_eps": 1e-6, "num_key_value_heads": 2, "rope_scaling": {"rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16}}"""
            ),
            "qwen3-yarn" => Rotary(
                "TinyYarnQwen3",
                """{"model_type": "qwen3", "rms_norm_eps": 1e-6, "num_key_value_heads": 2, "head_dim": 12, "rope_parameters": {"rope_theta": 500.0, "rope_type": "yarn", "factor": 4.0, "beta_fast": 2, "beta_slow": 0.5, "original_max_position_embeddings": 16}}"""
            ),
            "olmo2" => Rotary(
                "TinyOlmo2",
                """{"model_type": "olmo2", "rope_theta": 500000.0, "rms_norm_eps": 1e-6, "num_key_value_heads": 2}"""
            ),
            "gemma2" => Rotary(
                "TinyGemma2",
                """{"model_type": "gemma2", "hidden_activation": "gelu_pytorch_tanh", "rms_norm_eps": 1e-6, "num_key_value_heads": 2, "head_dim": 16, "sliding_window": 6, "query_pre_attn_scalar": 25, "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0, "tie_word_embeddings": true}"""
            ),
            "gemma3" => Rotary(
                "TinyGemma3",
                """{"model_type": "gemma3_text", "num_hidden_layers": 3, "hidden_activation": "gelu_pytorch_tanh", "rms_norm_eps": 1e-6, "num_key_value_heads": 1, "head_dim": 16, "sliding_window": 6, "sliding_window_pattern": 3, "query_pre_attn_scalar": 16, "rope_theta": 1000000.0, "rope_local_base_freq": 10000.0, "rope_scaling": {"rope_type": "linear", "factor": 8.0}, "tie_word_embeddings": true}"""
            ),
            "gpt-neo" => GptNeo(),
            "phi3" => Rotary(
                "TinyPhi3",
                """{"model_type": "phi3", "rms_norm_eps": 1e-5, "num_key_value_heads": 2, "partial_rotary_factor": 0.5, "sliding_window": 6}"""
            ),
            "phi3-long" => Rotary(
                "TinyLongPhi3",
                """{"model_type": "phi3", "rms_norm_eps": 1e-5, "num_key_value_heads": 2, "rope_theta": 500.0, "original_max_position_embeddings": 16, "rope_scaling": {"type": "longrope", "short_factor": [1.0, 1.05, 1.1, 1.25, 1.5, 2.0], "long_factor": [1.0, 1.5, 2.5, 4.0, 6.0, 8.5]}}"""
            ),
            "pythia" => GptNeoX("TinyPythia", """{"rotary_pct": 0.5, "rotary_emb_base": 500, "use_parallel_residual": true}"""),
            "gpt-neox" => GptNeoX(
                "TinyGptNeoX",
                """{"rope_parameters": {"rope_theta": 500, "partial_rotary_factor": 1.0, "rope_type": "default"}, "use_parallel_residual": false, "attention_bias": false, "tie_word_embeddings": true}"""
            ),
            "mixtral" => Rotary(
                "TinyMixtral",
                """{"model_type": "mixtral", "rms_norm_eps": 1e-5, "rope_theta": 1000000.0, "num_key_value_heads": 2, "intermediate_size": 40, "num_local_experts": 4, "num_experts_per_tok": 2}"""
            ),
            "qwen3-moe" => Rotary(
                "TinyQwen3Moe",
                """{"model_type": "qwen3_moe", "num_hidden_layers": 3, "rms_norm_eps": 1e-6, "num_key_value_heads": 2, "head_dim": 16, "num_experts": 6, "num_experts_per_tok": 3, "moe_intermediate_size": 24, "norm_topk_prob": false, "mlp_only_layers": [1]}"""
            ),
            "deepseek-v2" => Rotary(
                "TinyDeepSeekV2",
                """{"model_type": "deepseek_v2", "num_hidden_layers": 3, "rms_norm_eps": 1e-6, "kv_lora_rank": 20, "q_lora_rank": null, "qk_nope_head_dim": 12, "qk_rope_head_dim": 8, "v_head_dim": 16, "first_k_dense_replace": 1, "n_routed_experts": 6, "n_shared_experts": 2, "num_experts_per_tok": 2, "moe_intermediate_size": 24, "routed_scaling_factor": 1.5}"""
            ),
            "deepseek-v2-yarn" => Rotary(
                "TinyYarnDeepSeekV2",
                """{"model_type": "deepseek_v2", "rms_norm_eps": 1e-6, "kv_lora_rank": 20, "q_lora_rank": 24, "qk_nope_head_dim": 12, "qk_rope_head_dim": 8, "v_head_dim": 12, "first_k_dense_replace": 0, "n_routed_experts": 4, "n_shared_experts": null, "num_experts_per_tok": 1, "moe_intermediate_size": 24, "rope_theta": 500.0, "rope_scaling": {"type": "yarn", "factor": 40.0, "beta_fast": 2, "beta_slow": 0.5, "mscale": 0.707, "mscale_all_dim": 0.707, "original_max_position_embeddings": 16}}"""
            ),
            "smollm3" => Rotary(
                "TinySmolLm3",
                """{"model_type": "smollm3", "num_hidden_layers": 3, "rope_theta": 5000.0, "rms_norm_eps": 1e-6, "num_key_value_heads": 2, "no_rope_layers": [1, 0, 1], "layer_types": ["full_attention", "full_attention", "full_attention"], "tie_word_embeddings": true}"""
            ),
            _ => Rotary(
                "TinyHybridQwen3",
                """{"model_type": "qwen3", "num_hidden_layers": 3, "rms_norm_eps": 1e-6, "num_key_value_heads": 2, "head_dim": 12, "use_sliding_window": true, "sliding_window": 5, "layer_types": ["sliding_attention", "full_attention", "sliding_attention"]}"""
            ),
        };

    /// <summary>Casts every weight.</summary>
    public RandomCheckpoint As(ScalarType type)
    {
        foreach (var name in Tensors.Keys.ToList())
            Tensors[name] = Tensors[name].to(type);
        return this;
    }

    /// <summary>Writes <c>config.json</c> and one safetensors file, or several of so many tensors with an index.</summary>
    public string Save(string folder, int tensorsPerShard = int.MaxValue)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config.ToJsonString());
        if (tensorsPerShard >= Tensors.Count)
        {
            SafeTensorsFile.Write(Path.Combine(folder, "model.safetensors"), [.. Tensors.Select(pair => (pair.Key, pair.Value))]);
            return folder;
        }

        var map = new JsonObject();
        foreach (var (shard, index) in Tensors.Chunk(tensorsPerShard).Select((shard, index) => (shard, index)))
        {
            var file = $"model-{index + 1:D5}.safetensors";
            SafeTensorsFile.Write(Path.Combine(folder, file), [.. shard.Select(pair => (pair.Key, pair.Value))]);
            foreach (var (name, _) in shard)
                map[name] = file;
        }

        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
        return folder;
    }

    public void Dispose()
    {
        scope.Dispose();
        random.Dispose();
    }

    private static RandomCheckpoint Gpt2(string prefix)
    {
        var made = new RandomCheckpoint(
            "TinyGpt2",
            new JsonObject
            {
                ["model_type"] = "gpt2",
                ["vocab_size"] = Vocabulary,
                ["n_positions"] = Context,
                ["n_embd"] = Width,
                ["n_layer"] = 2,
                ["n_head"] = 4,
                ["activation_function"] = "gelu_new",
                ["layer_norm_epsilon"] = 1e-5,
            }
        );
        made.Weight($"{prefix}wte.weight", Vocabulary, Width);
        made.Weight($"{prefix}wpe.weight", Context, Width);
        for (var block = 0; block < 2; block++)
        {
            var name = $"{prefix}h.{block}";
            made.Norm($"{name}.ln_1", Width, bias: true);
            made.Norm($"{name}.ln_2", Width, bias: true);
            foreach (
                var (layer, inputs, outputs) in new[]
                {
                    ("attn.c_attn", 48, 144),
                    ("attn.c_proj", 48, 48),
                    ("mlp.c_fc", 48, 192),
                    ("mlp.c_proj", 192, 48),
                }
            )
            {
                made.Weight($"{name}.{layer}.weight", inputs, outputs);
                made.Weight($"{name}.{layer}.bias", outputs);
            }
        }

        made.Norm($"{prefix}ln_f", Width, bias: true);
        return made;
    }

    private static RandomCheckpoint GptNeo()
    {
        var made = new RandomCheckpoint(
            "TinyGptNeo",
            new JsonObject
            {
                ["model_type"] = "gpt_neo",
                ["vocab_size"] = Vocabulary,
                ["max_position_embeddings"] = Context,
                ["hidden_size"] = Width,
                ["num_layers"] = 2,
                ["num_heads"] = 4,
                ["attention_types"] = JsonNode.Parse("""[[["global", "local"], 1]]"""),
                ["window_size"] = 5,
                ["activation_function"] = "gelu_new",
                ["layer_norm_epsilon"] = 1e-5,
            }
        );
        made.Weight("transformer.wte.weight", Vocabulary, Width);
        made.Weight("transformer.wpe.weight", Context, Width);
        for (var block = 0; block < 2; block++)
        {
            var name = $"transformer.h.{block}";
            made.Norm($"{name}.ln_1", Width, bias: true);
            made.Norm($"{name}.ln_2", Width, bias: true);
            foreach (var projection in new[] { "q", "k", "v" })
                made.Linear($"{name}.attn.attention.{projection}_proj", Width, Width, bias: false);
            made.Linear($"{name}.attn.attention.out_proj", Width, Width, bias: true);
            made.Linear($"{name}.mlp.c_fc", Width, 192, bias: true);
            made.Linear($"{name}.mlp.c_proj", 192, Width, bias: true);
        }

        made.Norm("transformer.ln_f", Width, bias: true);
        return made;
    }

    private static RandomCheckpoint GptNeoX(string model, string settings)
    {
        var config = new JsonObject
        {
            ["model_type"] = "gpt_neox",
            ["vocab_size"] = Vocabulary,
            ["max_position_embeddings"] = Context,
            ["hidden_size"] = Width,
            ["intermediate_size"] = 192,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = 4,
            ["hidden_act"] = "gelu",
            ["layer_norm_eps"] = 1e-5,
        };
        foreach (var (name, value) in JsonNode.Parse(settings)!.AsObject())
            config[name] = value?.DeepClone();
        var made = new RandomCheckpoint(model, config);
        var bias = (bool?)config["attention_bias"] ?? true;
        made.Weight("gpt_neox.embed_in.weight", Vocabulary, Width);
        for (var block = 0; block < 2; block++)
        {
            var name = $"gpt_neox.layers.{block}";
            made.Norm($"{name}.input_layernorm", Width, bias: true);
            made.Norm($"{name}.post_attention_layernorm", Width, bias: true);
            made.Linear($"{name}.attention.query_key_value", Width, 3 * Width, bias);
            made.Linear($"{name}.attention.dense", Width, Width, bias);
            made.Linear($"{name}.mlp.dense_h_to_4h", Width, 192, bias: true);
            made.Linear($"{name}.mlp.dense_4h_to_h", 192, Width, bias: true);
        }

        made.Norm("gpt_neox.final_layer_norm", Width, bias: true);
        if ((bool?)config["tie_word_embeddings"] != true)
            made.Weight("embed_out.weight", Vocabulary, Width);
        return made;
    }

    private static RandomCheckpoint Rotary(string model, string settings)
    {
        var config = new JsonObject
        {
            ["vocab_size"] = Vocabulary,
            ["max_position_embeddings"] = Context,
            ["hidden_size"] = Width,
            ["intermediate_size"] = 96,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = 4,
            ["hidden_act"] = "silu",
        };
        foreach (var (name, value) in JsonNode.Parse(settings)!.AsObject())
            config[name] = value?.DeepClone();
        var made = new RandomCheckpoint(model, config);
        var heads = (int)config["num_attention_heads"]!;
        var keyValueHeads = (int?)config["num_key_value_heads"] ?? heads;
        var size = (int?)config["head_dim"] ?? Width / heads;
        var type = (string)config["model_type"]!;
        var attentionBias = (bool?)config["attention_bias"] ?? false;
        made.Weight("model.embed_tokens.weight", Vocabulary, Width);
        for (var block = 0; block < (int)config["num_hidden_layers"]!; block++)
        {
            var name = $"model.layers.{block}";
            string[] norms = type switch
            {
                "olmo2" => ["post_attention_layernorm", "post_feedforward_layernorm"],
                "gemma2" or "gemma3_text" =>
                [
                    "input_layernorm",
                    "post_attention_layernorm",
                    "pre_feedforward_layernorm",
                    "post_feedforward_layernorm",
                ],
                _ => ["input_layernorm", "post_attention_layernorm"],
            };
            foreach (var norm in norms)
                made.Norm($"{name}.{norm}", Width, bias: false);
            if (type == "phi3")
            {
                made.Linear($"{name}.self_attn.qkv_proj", Width, (heads + 2 * keyValueHeads) * size, bias: false);
                made.Linear($"{name}.self_attn.o_proj", heads * size, Width, bias: false);
                made.Linear($"{name}.mlp.gate_up_proj", Width, 2 * 96, bias: false);
                made.Linear($"{name}.mlp.down_proj", 96, Width, bias: false);
                continue;
            }

            if (type == "deepseek_v2")
                made.LatentAttention($"{name}.self_attn", heads);
            else
            {
                made.Linear($"{name}.self_attn.q_proj", Width, heads * size, attentionBias || type == "qwen2");
                made.Linear($"{name}.self_attn.k_proj", Width, keyValueHeads * size, attentionBias || type == "qwen2");
                made.Linear($"{name}.self_attn.v_proj", Width, keyValueHeads * size, attentionBias || type == "qwen2");
                made.Linear($"{name}.self_attn.o_proj", heads * size, Width, attentionBias);
            }

            if (type is "qwen3" or "gemma3_text" or "olmo2" or "qwen3_moe")
            {
                made.Norm($"{name}.self_attn.q_norm", type == "olmo2" ? heads * size : size, bias: false);
                made.Norm($"{name}.self_attn.k_norm", type == "olmo2" ? keyValueHeads * size : size, bias: false);
            }

            if (!made.Mixture(name, block))
                made.FeedForward($"{name}.mlp", 96, (bool?)config["mlp_bias"] ?? false);
        }

        made.Norm("model.norm", Width, bias: false);
        if ((bool?)config["tie_word_embeddings"] != true)
            made.Weight("lm_head.weight", Vocabulary, Width);
        return made;
    }

    private void LatentAttention(string name, int heads)
    {
        int Number(string key) => (int)Config[key]!;
        var (rank, content, rotated) = (Number("kv_lora_rank"), Number("qk_nope_head_dim"), Number("qk_rope_head_dim"));
        if (Config["q_lora_rank"] is { } queries)
        {
            Linear($"{name}.q_a_proj", Width, (int)queries, bias: false);
            Norm($"{name}.q_a_layernorm", (int)queries, bias: false);
            Linear($"{name}.q_b_proj", (int)queries, heads * (content + rotated), bias: false);
        }
        else
            Linear($"{name}.q_proj", Width, heads * (content + rotated), bias: false);
        Linear($"{name}.kv_a_proj_with_mqa", Width, rank + rotated, bias: false);
        Norm($"{name}.kv_a_layernorm", rank, bias: false);
        Linear($"{name}.kv_b_proj", rank, heads * (content + Number("v_head_dim")), bias: false);
        Linear($"{name}.o_proj", heads * Number("v_head_dim"), Width, bias: false);
    }

    // Whether the block has one.
    private bool Mixture(string name, int block)
    {
        switch ((string)Config["model_type"]!)
        {
            case "mixtral":
                Weight($"{name}.block_sparse_moe.gate.weight", (int)Config["num_local_experts"]!, Width);
                for (var expert = 0; expert < (int)Config["num_local_experts"]!; expert++)
                {
                    var path = $"{name}.block_sparse_moe.experts.{expert}";
                    Linear($"{path}.w1", Width, 40, bias: false);
                    Linear($"{path}.w2", 40, Width, bias: false);
                    Linear($"{path}.w3", Width, 40, bias: false);
                }

                return true;
            case "qwen3_moe" when !Config["mlp_only_layers"]!.AsArray().Select(one => (int)one!).Contains(block):
                Experts(name, (int)Config["num_experts"]!, 24);
                return true;
            case "deepseek_v2" when block >= (int)Config["first_k_dense_replace"]!:
                Experts(name, (int)Config["n_routed_experts"]!, 24);
                if (Config["n_shared_experts"] is { } shared)
                    FeedForward($"{name}.mlp.shared_experts", 24 * (int)shared, bias: false);
                return true;
            default:
                return false;
        }
    }

    private void Experts(string name, int count, int hidden)
    {
        Weight($"{name}.mlp.gate.weight", count, Width);
        for (var expert = 0; expert < count; expert++)
            FeedForward($"{name}.mlp.experts.{expert}", hidden, bias: false);
    }

    private void FeedForward(string name, int hidden, bool bias)
    {
        Linear($"{name}.gate_proj", Width, hidden, bias);
        Linear($"{name}.up_proj", Width, hidden, bias);
        Linear($"{name}.down_proj", hidden, Width, bias);
    }

    private void Linear(string name, int inputs, int outputs, bool bias)
    {
        Weight($"{name}.weight", outputs, inputs);
        if (bias)
            Weight($"{name}.bias", outputs);
    }

    private void Norm(string name, int width, bool bias)
    {
        var isGemma = ((string)Config["model_type"]!).StartsWith("gemma", StringComparison.Ordinal);
        using var gain = randn([width], generator: random).mul_(0.1).add_(isGemma ? 0 : 1);
        // Published in bfloat16, Gemma's have no digits that their sum with 1 would lose.
        using var rounded = gain.to(isGemma ? ScalarType.BFloat16 : ScalarType.Float32);
        Tensors[$"{name}.weight"] = rounded.to(ScalarType.Float32, copy: true);
        if (bias)
            Weight($"{name}.bias", width);
    }

    // Large enough for logits of the order of 1: a wrong layout must show.
    private void Weight(string name, params long[] shape) => Tensors[name] = randn(shape, generator: random).mul_(0.12);
}
