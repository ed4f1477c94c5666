using System.Globalization;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>The tensors of GPT-Neo: GPT-2's names, linear layers that lie as here, queries, keys and values apart.</summary>
internal static class GptNeoTensors
{
    public static IEnumerable<FileTensor> List(DeclaredWeights model, string prefix)
    {
        yield return new($"{prefix}wte.weight", model.Embedding);
        if (model.Positions is not null)
            yield return new($"{prefix}wpe.weight", model.Positions);
        for (var index = 0; index < model.Blocks.Count; index++)
        {
            var block = model.Blocks[index];
            var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}h.{index}");
            foreach (
                var tensor in Layer($"{name}.ln_1", block.AttentionNorm)
                    .Concat(Layer($"{name}.attn.attention.k_proj", block.Key))
                    .Concat(Layer($"{name}.attn.attention.v_proj", block.Value))
                    .Concat(Layer($"{name}.attn.attention.q_proj", block.Query))
                    .Concat(Layer($"{name}.attn.attention.out_proj", block.Output))
                    .Concat(Layer($"{name}.ln_2", block.FeedForwardNorm))
                    .Concat(Layer($"{name}.mlp.c_fc", block.Dense?.Up))
                    .Concat(Layer($"{name}.mlp.c_proj", block.Dense?.Down))
            )
                yield return tensor;
        }

        foreach (var tensor in Layer($"{prefix}ln_f", model.FinalNorm))
            yield return tensor;
    }

    /// <summary>Whether it is a causal mask, which old checkpoints hold in every block.</summary>
    public static bool IsTable(string name) =>
        name.EndsWith(".attn.attention.bias", StringComparison.Ordinal)
        || name.EndsWith(".attn.attention.masked_bias", StringComparison.Ordinal);

    private static IEnumerable<FileTensor> Layer(string name, LinearWeights? layer) =>
        layer is null ? [] : FileTensor.OfLinear(name, [layer]);
}
