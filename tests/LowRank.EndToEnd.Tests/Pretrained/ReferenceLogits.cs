using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>
/// The logits of a Hugging Face checkpoint, computed from its files as the published architectures are defined: one tensor expression
/// after the other, without any code of the library under test.
/// </summary>
internal sealed partial class ReferenceLogits
{
    private readonly JsonObject config;
    private readonly Dictionary<string, Tensor> weights;

    private ReferenceLogits(string folder)
    {
        config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
        weights = PlainTensor.ReadFolder(folder).ToDictionary(pair => pair.Key, pair => pair.Value.Values(), StringComparer.Ordinal);
    }

    /// <summary>Int64 ids <c>[batch, sequence]</c> to logits <c>[batch, sequence, vocabulary]</c>.</summary>
    public static Tensor Of(string folder, Tensor ids)
    {
        var reference = new ReferenceLogits(folder);
        return (string)reference.config["model_type"]! switch
        {
            "gpt2" => reference.Gpt2(ids),
            "gpt_neo" => reference.GptNeo(ids),
            "olmo2" => reference.Olmo2(ids),
            "gemma2" or "gemma3_text" => reference.Gemma(ids),
            "gpt_neox" => reference.GptNeoX(ids),
            _ => reference.Rotary(ids),
        };
    }

    private Tensor Gpt2(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var prefix = weights.ContainsKey("transformer.wte.weight") ? "transformer." : "";
        var (heads, width) = ((long)config["n_head"]!, (long)config["n_embd"]!);
        var x = weights[$"{prefix}wte.weight"][ids] + weights[$"{prefix}wpe.weight"][arange(ids.shape[1])];
        for (var block = 0; block < (int)config["n_layer"]!; block++)
        {
            var name = $"{prefix}h.{block}";
            var fused = Convolution($"{name}.attn.c_attn", LayerNorm($"{name}.ln_1", x)).split(width, 2);
            var attended = Attend(Heads(fused[0], heads), Heads(fused[1], heads), Heads(fused[2], heads), window: null);
            x = x + Convolution($"{name}.attn.c_proj", attended);
            var hidden = Convolution($"{name}.mlp.c_fc", LayerNorm($"{name}.ln_2", x));
            x = x + Convolution($"{name}.mlp.c_proj", GeluTanh(hidden));
        }

        return scope.MoveToOuter(LayerNorm($"{prefix}ln_f", x).matmul(weights[$"{prefix}wte.weight"].t()));
    }

    private Tensor GptNeo(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var heads = (long)config["num_heads"]!;
        var kinds = config["attention_types"]![0]![0]!.AsArray();
        var x = weights["transformer.wte.weight"][ids] + weights["transformer.wpe.weight"][arange(ids.shape[1])];
        for (var block = 0; block < (int)config["num_layers"]!; block++)
        {
            var name = $"transformer.h.{block}";
            var normalized = LayerNorm($"{name}.ln_1", x);
            int? window = (string)kinds[block % kinds.Count]! == "local" ? (int)config["window_size"]! : null;
            var attended = Attend(
                Heads(Linear($"{name}.attn.attention.q_proj", normalized), heads),
                Heads(Linear($"{name}.attn.attention.k_proj", normalized), heads),
                Heads(Linear($"{name}.attn.attention.v_proj", normalized), heads),
                window,
                scale: 1
            );
            x = x + Linear($"{name}.attn.attention.out_proj", attended);
            x = x + Linear($"{name}.mlp.c_proj", GeluTanh(Linear($"{name}.mlp.c_fc", LayerNorm($"{name}.ln_2", x))));
        }

        return scope.MoveToOuter(LayerNorm("transformer.ln_f", x).matmul(weights["transformer.wte.weight"].t()));
    }

    private Tensor Olmo2(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var (heads, keyValueHeads) = ((long)config["num_attention_heads"]!, (long)config["num_key_value_heads"]!);
        var x = weights["model.embed_tokens.weight"][ids];
        for (var block = 0; block < (int)config["num_hidden_layers"]!; block++)
        {
            var name = $"model.layers.{block}";
            var queries = Heads(RmsNorm($"{name}.self_attn.q_norm", Linear($"{name}.self_attn.q_proj", x)), heads);
            var keys = Heads(RmsNorm($"{name}.self_attn.k_norm", Linear($"{name}.self_attn.k_proj", x)), keyValueHeads);
            var values = Heads(Linear($"{name}.self_attn.v_proj", x), keyValueHeads);
            var attended = Attend(Turn(queries), Repeat(Turn(keys), heads), Repeat(values, heads), window: null);
            x = x + RmsNorm($"{name}.post_attention_layernorm", Linear($"{name}.self_attn.o_proj", attended));
            var gate = Linear($"{name}.mlp.gate_proj", x);
            var hidden = gate * gate.sigmoid() * Linear($"{name}.mlp.up_proj", x);
            x = x + RmsNorm($"{name}.post_feedforward_layernorm", Linear($"{name}.mlp.down_proj", hidden));
        }

        return scope.MoveToOuter(RmsNorm("model.norm", x).matmul(weights["lm_head.weight"].t()));
    }

    // Gains are 1 + w.
    private Tensor Gemma(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var isThird = (string)config["model_type"]! == "gemma3_text";
        var (heads, keyValueHeads) = ((long)config["num_attention_heads"]!, (long)config["num_key_value_heads"]!);
        var scale = Math.Pow((double)config["query_pre_attn_scalar"]!, -0.5);
        var pattern = (int?)config["sliding_window_pattern"] ?? 2;
        Tensor Norm(string name, Tensor x)
        {
            var gain = weights[$"{name}.weight"] + 1;
            return gain * (x * (x.pow(2).mean([-1], keepdim: true) + (double)config["rms_norm_eps"]!).rsqrt());
        }

        var x = weights["model.embed_tokens.weight"][ids] * Math.Sqrt((double)config["hidden_size"]!);
        for (var block = 0; block < (int)config["num_hidden_layers"]!; block++)
        {
            var name = $"model.layers.{block}";
            var isLocal = (block + 1) % pattern != 0;
            var normalized = Norm($"{name}.input_layernorm", x);
            var queries = Heads(Linear($"{name}.self_attn.q_proj", normalized), heads);
            var keys = Heads(Linear($"{name}.self_attn.k_proj", normalized), keyValueHeads);
            var values = Heads(Linear($"{name}.self_attn.v_proj", normalized), keyValueHeads);
            if (isThird)
            {
                queries = Norm($"{name}.self_attn.q_norm", queries);
                keys = Norm($"{name}.self_attn.k_norm", keys);
            }

            Tensor Turned(Tensor part) =>
                isThird && isLocal ? Turn(part, (double)config["rope_local_base_freq"]!, scaling: null) : Turn(part);
            int? window = isLocal ? (int)config["sliding_window"]! : null;
            var attended = Attend(
                Turned(queries),
                Repeat(Turned(keys), heads),
                Repeat(values, heads),
                window,
                scale,
                (double?)config["attn_logit_softcapping"]
            );
            x = x + Norm($"{name}.post_attention_layernorm", Linear($"{name}.self_attn.o_proj", attended));
            normalized = Norm($"{name}.pre_feedforward_layernorm", x);
            var hidden = GeluTanh(Linear($"{name}.mlp.gate_proj", normalized)) * Linear($"{name}.mlp.up_proj", normalized);
            x = x + Norm($"{name}.post_feedforward_layernorm", Linear($"{name}.mlp.down_proj", hidden));
        }

        var logits = Norm("model.norm", x).matmul(weights["model.embed_tokens.weight"].t());
        return scope.MoveToOuter((double?)config["final_logit_softcapping"] is { } cap ? (logits / cap).tanh() * cap : logits);
    }

    private Tensor Rotary(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var heads = (long)config["num_attention_heads"]!;
        var keyValueHeads = (long?)config["num_key_value_heads"] ?? heads;
        var x = weights["model.embed_tokens.weight"][ids];
        for (var block = 0; block < (int)config["num_hidden_layers"]!; block++)
        {
            var name = $"model.layers.{block}";
            var normalized = RmsNorm($"{name}.input_layernorm", x);
            var attended = weights.ContainsKey($"{name}.self_attn.kv_b_proj.weight")
                ? Latent($"{name}.self_attn", normalized, heads)
                : Grouped(
                    $"{name}.self_attn",
                    normalized,
                    heads,
                    keyValueHeads,
                    Window(block),
                    (int?)config["no_rope_layers"]?[block] != 0
                );
            x = x + Linear($"{name}.self_attn.o_proj", attended);
            normalized = RmsNorm($"{name}.post_attention_layernorm", x);
            x = x + FeedForward(name, normalized);
        }

        var head = (bool?)config["tie_word_embeddings"] == true ? "model.embed_tokens.weight" : "lm_head.weight";
        return scope.MoveToOuter(RmsNorm("model.norm", x).matmul(weights[head].t()));
    }

    private Tensor Grouped(string name, Tensor normalized, long heads, long keyValueHeads, int? window, bool isRotated)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Projected(name, normalized, heads, keyValueHeads);
        var (queries, keys, values) = (Heads(q, heads), Heads(k, keyValueHeads), Heads(v, keyValueHeads));
        if (weights.ContainsKey($"{name}.q_norm.weight"))
        {
            queries = RmsNorm($"{name}.q_norm", queries);
            keys = RmsNorm($"{name}.k_norm", keys);
        }

        if (isRotated)
            (queries, keys) = (TurnPart(queries), TurnPart(keys));
        return scope.MoveToOuter(Attend(queries, Repeat(keys, heads), Repeat(values, heads), window));
    }

    private int? Window(int block) =>
        (string)config["model_type"]! switch
        {
            "mistral" or "phi3" => (int?)config["sliding_window"],
            "qwen2"
            or "qwen3"
                when (bool?)config["use_sliding_window"] == true
                    && (
                        config["layer_types"] is JsonArray types
                            ? (string)types[block]! == "sliding_attention"
                            : block >= (int)config["max_window_layers"]!
                    ) => (int)config["sliding_window"]!,
            _ => null,
        };

    // [batch, heads, sequence, size] to [batch, sequence, heads · size].
    private static Tensor Attend(Tensor queries, Tensor keys, Tensor values, int? window, double? scale = null, double? cap = null)
    {
        using var scope = NewDisposeScope();
        var (sequence, size) = (queries.shape[2], queries.shape[3]);
        var scores = queries.matmul(keys.transpose(2, 3)) * (scale ?? 1 / Math.Sqrt(size));
        if (cap is { } bound)
            scores = (scores / bound).tanh() * bound;
        var i = arange(sequence).unsqueeze(1);
        var j = arange(sequence).unsqueeze(0);
        var visible = j <= i;
        if (window is { } width)
            visible = visible.logical_and(j > i - width);
        var probabilities = nn.functional.softmax(scores.masked_fill(visible.logical_not(), double.NegativeInfinity), 3);
        return scope.MoveToOuter(
            probabilities.matmul(values).transpose(1, 2).reshape(queries.shape[0], sequence, queries.shape[1] * values.shape[3])
        );
    }

    private static Tensor Heads(Tensor x, long heads)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(x.view(x.shape[0], x.shape[1], heads, x.shape[2] / heads).transpose(1, 2));
    }

    private static Tensor Repeat(Tensor x, long heads)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(
            x.unsqueeze(2)
                .expand(x.shape[0], x.shape[1], heads / x.shape[1], x.shape[2], x.shape[3])
                .reshape(x.shape[0], heads, x.shape[2], x.shape[3])
        );
    }

    // The library's apply_rotary_pos_emb: x·cos + rotate_half(x)·sin.
    private Tensor Turn(Tensor x) =>
        Turn(x, (double?)config["rope_theta"] ?? (double?)config["rope_parameters"]?["rope_theta"] ?? 10_000, Scaling());

    // Phi-3's original context stands beside the object, and its factor is the quotient of both contexts.
    private JsonObject? Scaling()
    {
        var scaling = (config["rope_scaling"] ?? config["rope_parameters"])?.AsObject();
        if ((string?)scaling?["type"] is not "longrope")
            return scaling;
        var whole = scaling.DeepClone().AsObject();
        whole["rope_type"] = "longrope";
        whole["original_max_position_embeddings"] = (double)config["original_max_position_embeddings"]!;
        whole["factor"] = (double)config["max_position_embeddings"]! / (double)config["original_max_position_embeddings"]!;
        return whole;
    }

    private static Tensor Turn(Tensor x, double theta, JsonObject? scaling)
    {
        using var scope = NewDisposeScope();
        var size = x.shape[3];
        var frequencies = tensor(
            Enumerable.Range(0, (int)size / 2).Select(pair => Frequency(pair, size, theta, scaling, x.shape[2])).ToArray()
        );
        var length = (string?)scaling?["rope_type"] switch
        {
            "yarn" => 0.1 * Math.Log((double)scaling["factor"]!) + 1,
            "longrope" => Math.Sqrt(
                1 + Math.Log((double)scaling["factor"]!) / Math.Log((double)scaling["original_max_position_embeddings"]!)
            ),
            _ => 1,
        };
        var angles = outer(arange(x.shape[2]).to(ScalarType.Float64), frequencies);
        angles = cat([angles, angles], 1);
        var rotated = cat([-x.narrow(3, size / 2, size / 2), x.narrow(3, 0, size / 2)], 3);
        return scope.MoveToOuter(
            x * (angles.cos() * length).to(ScalarType.Float32) + rotated * (angles.sin() * length).to(ScalarType.Float32)
        );
    }

    private static double Frequency(int pair, long size, double theta, JsonObject? scaling, long sequence = 0)
    {
        var frequency = Math.Pow(theta, -2.0 * pair / size);
        switch ((string?)scaling?["rope_type"])
        {
            case "linear":
                return frequency / (double)scaling["factor"]!;
            case "longrope":
                var factors = scaling[sequence > (double)scaling["original_max_position_embeddings"]! ? "long_factor" : "short_factor"]!;
                return frequency / (double)factors[pair]!;
            case "llama3":
            {
                var (factor, context) = ((double)scaling["factor"]!, (double)scaling["original_max_position_embeddings"]!);
                var (low, high) = ((double)scaling["low_freq_factor"]!, (double)scaling["high_freq_factor"]!);
                var turns = context * frequency / (2 * Math.PI);
                if (turns > high)
                    return frequency;
                if (turns < low)
                    return frequency / factor;
                var share = (turns - low) / (high - low);
                return share * frequency + (1 - share) * frequency / factor;
            }

            case "yarn":
            {
                var (factor, context) = ((double)scaling["factor"]!, (double)scaling["original_max_position_embeddings"]!);
                double Pair(double turns) => size * Math.Log(context / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
                var first = Math.Max(Math.Floor(Pair((double)scaling["beta_fast"]!)), 0);
                var last = Math.Min(Math.Ceiling(Pair((double)scaling["beta_slow"]!)), size - 1);
                var share = Math.Clamp((pair - first) / (last - first), 0, 1);
                return (1 - share) * frequency + share * frequency / factor;
            }

            default:
                return frequency;
        }
    }

    // Conv1D: the weight has its inputs first.
    private Tensor Convolution(string name, Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(x.matmul(weights[$"{name}.weight"]) + weights[$"{name}.bias"]);
    }

    private Tensor Linear(string name, Tensor x)
    {
        using var scope = NewDisposeScope();
        var product = x.matmul(weights[$"{name}.weight"].t());
        return scope.MoveToOuter(weights.TryGetValue($"{name}.bias", out var bias) ? product + bias : product);
    }

    private Tensor RmsNorm(string name, Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(
            weights[$"{name}.weight"] * (x * (x.pow(2).mean([-1], keepdim: true) + (double)config["rms_norm_eps"]!).rsqrt())
        );
    }

    private Tensor LayerNorm(string name, Tensor x)
    {
        using var scope = NewDisposeScope();
        var centered = x - x.mean([-1], keepdim: true);
        var variance = centered.pow(2).mean([-1], keepdim: true);
        return scope.MoveToOuter(
            centered / (variance + (double)(config["layer_norm_epsilon"] ?? config["layer_norm_eps"])!).sqrt() * weights[$"{name}.weight"]
                + weights[$"{name}.bias"]
        );
    }

    private static Tensor GeluTanh(Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3))).tanh()));
    }
}
