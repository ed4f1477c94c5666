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

    public static TheoryData<string> Kinds => ["gpt2", "gpt2-base", "llama", "llama-biased", "mistral", "qwen2", "qwen3", "qwen3-hybrid"];

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
            made.Norm($"{name}.input_layernorm", Width, bias: false);
            made.Norm($"{name}.post_attention_layernorm", Width, bias: false);
            made.Linear($"{name}.self_attn.q_proj", Width, heads * size, attentionBias || type == "qwen2");
            made.Linear($"{name}.self_attn.k_proj", Width, keyValueHeads * size, attentionBias || type == "qwen2");
            made.Linear($"{name}.self_attn.v_proj", Width, keyValueHeads * size, attentionBias || type == "qwen2");
            made.Linear($"{name}.self_attn.o_proj", heads * size, Width, attentionBias);
            if (type == "qwen3")
            {
                made.Norm($"{name}.self_attn.q_norm", size, bias: false);
                made.Norm($"{name}.self_attn.k_norm", size, bias: false);
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
        Tensors[$"{name}.weight"] = randn([width], generator: random).mul_(0.1).add_(1);
        if (bias)
            Weight($"{name}.bias", width);
    }

    // Large enough for logits of the order of 1: a wrong layout must show.
    private void Weight(string name, params long[] shape) => Tensors[name] = randn(shape, generator: random).mul_(0.12);
}
