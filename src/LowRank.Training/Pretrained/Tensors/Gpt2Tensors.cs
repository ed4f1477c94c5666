using System.Globalization;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>The tensors of GPT-2. Its linear layers are one-dimensional convolutions, whose weights have their inputs first.</summary>
internal static class Gpt2Tensors
{
    public const string Prefix = "transformer.";

    public static IEnumerable<FileTensor> List(DeclaredWeights model, string prefix)
    {
        yield return new($"{prefix}wte.weight", model.Embedding);
        if (model.Positions is not null)
            yield return new($"{prefix}wpe.weight", model.Positions);
        for (var index = 0; index < model.Blocks.Count; index++)
        {
            var block = model.Blocks[index];
            var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}h.{index}");
            LinearWeights[] fused = [block.Query, block.Key, block.Value];
            foreach (
                var tensor in Norm($"{name}.ln_1", block.AttentionNorm)
                    .Concat(Convolution($"{name}.attn.c_attn", fused))
                    .Concat(Convolution($"{name}.attn.c_proj", [block.Output]))
                    .Concat(Norm($"{name}.ln_2", block.FeedForwardNorm))
                    .Concat(Optional($"{name}.mlp.c_fc", block.Dense?.Up))
                    .Concat(Optional($"{name}.mlp.c_proj", block.Dense?.Down))
            )
                yield return tensor;
        }

        foreach (var tensor in Norm($"{prefix}ln_f", model.FinalNorm))
            yield return tensor;
    }

    /// <summary>Whether it is a causal mask, which old checkpoints hold in every block.</summary>
    public static bool IsTable(string name) =>
        name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal);

    private static IEnumerable<FileTensor> Convolution(string name, LinearWeights[] parts)
    {
        yield return new($"{name}.weight", [.. parts.Select(part => part.Weight)], Transposed: true);
        if (Array.TrueForAll(parts, part => part.Bias is not null))
            yield return new($"{name}.bias", [.. parts.Select(part => part.Bias!)]);
    }

    // What the model lacks is missing: another declaration is refused elsewhere.
    private static IEnumerable<FileTensor> Optional(string name, LinearWeights? layer) => layer is null ? [] : Convolution(name, [layer]);

    private static IEnumerable<FileTensor> Norm(string name, LinearWeights? norm)
    {
        if (norm is null)
            yield break;
        yield return new($"{name}.weight", norm.Weight);
        if (norm.Bias is not null)
            yield return new($"{name}.bias", norm.Bias);
    }
}
