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
            made.Linear($"{name}.self_attn.q_proj", Width, heads * size, attentionBias || type == "qwen2");
            made.Linear($"{name}.self_attn.k_proj", Width, keyValueHeads * size, attentionBias || type == "qwen2");
            made.Linear($"{name}.self_attn.v_proj", Width, keyValueHeads * size, attentionBias || type == "qwen2");
            made.Linear($"{name}.self_attn.o_proj", heads * size, Width, attentionBias);
            if (type is "qwen3" or "gemma3_text" or "olmo2")
            {
                made.Norm($"{name}.self_attn.q_norm", type == "olmo2" ? heads * size : size, bias: false);
                made.Norm($"{name}.self_attn.k_norm", type == "olmo2" ? keyValueHeads * size : size, bias: false);
            }

            var bias = (bool?)config["mlp_bias"] ?? false;
            made.Linear($"{name}.mlp.gate_proj", Width, 96, bias);
            made.Linear($"{name}.mlp.up_proj", Width, 96, bias);
            made.Linear($"{name}.mlp.down_proj", 96, Width, bias);
        }

        made.Norm("model.norm", Width, bias: false);
        if ((bool?)config["tie_word_embeddings"] != true)
            made.Weight("lm_head.weight", Vocabulary, Width);
        return made;
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
