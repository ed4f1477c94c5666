using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>Architectures with fused projections, parts of heads that rotate, mixtures of experts and latent attention.</summary>
internal sealed partial class ReferenceLogits
{
    private Tensor GptNeoX(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var (heads, width) = ((long)config["num_attention_heads"]!, (long)config["hidden_size"]!);
        var size = width / heads;
        var x = weights["gpt_neox.embed_in.weight"][ids];
        for (var block = 0; block < (int)config["num_hidden_layers"]!; block++)
        {
            var name = $"gpt_neox.layers.{block}";
            // Every head has its query, key and value side by side.
            var fused = Linear($"{name}.attention.query_key_value", LayerNorm($"{name}.input_layernorm", x))
                .view(ids.shape[0], ids.shape[1], heads, 3 * size)
                .transpose(1, 2);
            var queries = TurnPart(fused.narrow(3, 0, size));
            var keys = TurnPart(fused.narrow(3, size, size));
            var attended = Linear($"{name}.attention.dense", Attend(queries, keys, fused.narrow(3, 2 * size, size), window: null));
            var isParallel = (bool)config["use_parallel_residual"]!;
            var read = isParallel ? x : x + attended;
            var hidden = Gelu(Linear($"{name}.mlp.dense_h_to_4h", LayerNorm($"{name}.post_attention_layernorm", read)));
            x = x + attended + Linear($"{name}.mlp.dense_4h_to_h", hidden);
        }

        var head = (bool?)config["tie_word_embeddings"] == true ? "gpt_neox.embed_in.weight" : "embed_out.weight";
        return scope.MoveToOuter(LayerNorm("gpt_neox.final_layer_norm", x).matmul(weights[head].t()));
    }

    private (Tensor Queries, Tensor Keys, Tensor Values) Projected(string name, Tensor x, long heads, long keyValueHeads)
    {
        if (!weights.ContainsKey($"{name}.qkv_proj.weight"))
            return (Linear($"{name}.q_proj", x), Linear($"{name}.k_proj", x), Linear($"{name}.v_proj", x));
        var fused = Linear($"{name}.qkv_proj", x);
        var size = fused.shape[2] / (heads + 2 * keyValueHeads);
        return (
            fused.narrow(2, 0, heads * size),
            fused.narrow(2, heads * size, keyValueHeads * size),
            fused.narrow(2, (heads + keyValueHeads) * size, keyValueHeads * size)
        );
    }

    // The first elements of every head are rotated among themselves.
    private Tensor TurnPart(Tensor heads)
    {
        using var scope = NewDisposeScope();
        var fraction =
            (double?)config["partial_rotary_factor"]
            ?? (double?)config["rotary_pct"]
            ?? (double?)config["rope_parameters"]?["partial_rotary_factor"]
            ?? 1;
        var size = heads.shape[3];
        var rotated = (long)(size * fraction);
        var turned = TurnOf(heads.narrow(3, 0, rotated));
        return scope.MoveToOuter(rotated == size ? turned : cat([turned, heads.narrow(3, rotated, size - rotated)], 3));

        Tensor TurnOf(Tensor part) => config["rotary_emb_base"] is { } theta ? Turn(part, (double)theta, scaling: null) : Turn(part);
    }

    private Tensor FeedForward(string name, Tensor x)
    {
        using var scope = NewDisposeScope();
        if (weights.ContainsKey($"{name}.mlp.gate_up_proj.weight"))
        {
            var both = Linear($"{name}.mlp.gate_up_proj", x).chunk(2, 2);
            return scope.MoveToOuter(Linear($"{name}.mlp.down_proj", Silu(both[0]) * both[1]));
        }

        if (weights.TryGetValue($"{name}.block_sparse_moe.gate.weight", out var router))
            return scope.MoveToOuter(
                Mixture(
                    x,
                    router,
                    (int)config["num_experts_per_tok"]!,
                    normalizes: true,
                    scale: 1,
                    Named("block_sparse_moe", "w1", "w3", "w2")
                )
            );
        if (!weights.TryGetValue($"{name}.mlp.gate.weight", out router))
            return scope.MoveToOuter(Expert($"{name}.mlp", x));
        var mixed = Mixture(
            x,
            router,
            (int)config["num_experts_per_tok"]!,
            (bool?)config["norm_topk_prob"] ?? false,
            (double?)config["routed_scaling_factor"] ?? 1,
            Named("mlp", "gate_proj", "up_proj", "down_proj")
        );
        return scope.MoveToOuter(
            weights.ContainsKey($"{name}.mlp.shared_experts.up_proj.weight") ? mixed + Expert($"{name}.mlp.shared_experts", x) : mixed
        );

        Func<int, Tensor, Tensor> Named(string layer, string gate, string up, string down) =>
            (expert, input) => Expert($"{name}.{layer}.experts.{expert}", input, gate, up, down);
    }

    private Tensor Expert(string name, Tensor x, string gate = "gate_proj", string up = "up_proj", string down = "down_proj")
    {
        using var scope = NewDisposeScope();
        var gated = Linear($"{name}.{gate}", x);
        var activated = (string)config["hidden_act"]! == "silu" ? Silu(gated) : GeluTanh(gated);
        return scope.MoveToOuter(Linear($"{name}.{down}", activated * Linear($"{name}.{up}", x)));
    }

    // Every expert computes every token here; those that weren't chosen count with 0.
    private static Tensor Mixture(Tensor x, Tensor router, int active, bool normalizes, double scale, Func<int, Tensor, Tensor> expert)
    {
        using var scope = NewDisposeScope();
        var scores = nn.functional.softmax(x.matmul(router.t()), 2);
        var (best, places) = scores.topk(active, 2);
        if (normalizes)
            best = best / best.sum(2, keepdim: true);
        var shares = zeros_like(scores).scatter(2, places, best * scale);
        var sum = zeros_like(x);
        for (var index = 0; index < router.shape[0]; index++)
            sum = sum + shares.narrow(2, index, 1) * expert(index, x);
        return scope.MoveToOuter(sum);
    }

    private Tensor Latent(string name, Tensor x, long heads)
    {
        using var scope = NewDisposeScope();
        var (rank, content) = ((long)config["kv_lora_rank"]!, (long)config["qk_nope_head_dim"]!);
        var (rotated, valueSize) = ((long)config["qk_rope_head_dim"]!, (long)config["v_head_dim"]!);
        var queries = Heads(
            weights.ContainsKey($"{name}.q_proj.weight")
                ? Linear($"{name}.q_proj", x)
                : Linear($"{name}.q_b_proj", RmsNorm($"{name}.q_a_layernorm", Linear($"{name}.q_a_proj", x))),
            heads
        );
        var down = Linear($"{name}.kv_a_proj_with_mqa", x);
        var expanded = Heads(Linear($"{name}.kv_b_proj", RmsNorm($"{name}.kv_a_layernorm", down.narrow(2, 0, rank))), heads);
        var shared = TurnPairs(Heads(down.narrow(2, rank, rotated), 1)).expand(x.shape[0], heads, x.shape[1], rotated);
        queries = cat([queries.narrow(3, 0, content), TurnPairs(queries.narrow(3, content, rotated))], 3);
        var keys = cat([expanded.narrow(3, 0, content), shared], 3);
        // DeepSeek's own code multiplies the scale of the scores by the square of YaRN's factor for mscale_all_dim.
        var scaling = config["rope_scaling"];
        var factor = scaling is null ? 1 : 0.1 * (double)scaling["mscale_all_dim"]! * Math.Log((double)scaling["factor"]!) + 1;
        return scope.MoveToOuter(
            Attend(
                queries,
                keys,
                expanded.narrow(3, content, valueSize),
                window: null,
                scale: factor * factor / Math.Sqrt(content + rotated)
            )
        );
    }

    // Neighbors turn together, as complex numbers.
    private Tensor TurnPairs(Tensor x)
    {
        using var scope = NewDisposeScope();
        var size = x.shape[3];
        var scaling = config["rope_scaling"]?.DeepClone().AsObject();
        if (scaling is not null)
            scaling["rope_type"] = "yarn";
        var theta = (double?)config["rope_theta"] ?? 10_000;
        var frequencies = tensor(Enumerable.Range(0, (int)size / 2).Select(pair => Frequency(pair, size, theta, scaling)).ToArray());
        var angles = outer(arange(x.shape[2]).to(ScalarType.Float64), frequencies);
        var (cosine, sine) = (angles.cos().to(ScalarType.Float32), angles.sin().to(ScalarType.Float32));
        var pairs = x.reshape(x.shape[0], x.shape[1], x.shape[2], size / 2, 2);
        var (real, imaginary) = (pairs.select(4, 0), pairs.select(4, 1));
        return scope.MoveToOuter(stack([real * cosine - imaginary * sine, real * sine + imaginary * cosine], 4).flatten(3));
    }

    private static Tensor Silu(Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(x * x.sigmoid());
    }

    private static Tensor Gelu(Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(0.5 * x * (1 + (x / Math.Sqrt(2)).erf()));
    }
}
