using System.Globalization;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>
/// The tensors of LLaMA and of what descends from it, Gemma among them. Queries and keys need no reordering: the files lay a head's
/// rotation out in halves, as the runtime does.
/// </summary>
internal static class RotaryTensors
{
    public const string Prefix = "model.";

    /// <summary>The tensors of an architecture.</summary>
    public static Func<DeclaredWeights, string, IEnumerable<FileTensor>> Of(Architecture architecture) =>
        (model, prefix) => List(model, prefix, RotaryNorms.Of(architecture));

    private static IEnumerable<FileTensor> List(DeclaredWeights model, string prefix, RotaryNorms norms)
    {
        yield return new($"{prefix}embed_tokens.weight", model.Embedding);
        for (var index = 0; index < model.Blocks.Count; index++)
        {
            foreach (
                var tensor in Block(model.Blocks[index], string.Create(CultureInfo.InvariantCulture, $"{prefix}layers.{index}"), norms)
            )
                yield return tensor;
        }

        yield return norms.Tensor($"{prefix}norm", model.FinalNorm.Weight);
    }

    /// <summary>Whether it is the table of rotary frequencies, which old checkpoints hold in every block.</summary>
    public static bool IsTable(string name) => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    private static IEnumerable<FileTensor> Block(BlockWeights block, string name, RotaryNorms norms)
    {
        foreach (var tensor in norms.OfAttention(block, name))
            yield return tensor;
        foreach (
            var tensor in Linear($"{name}.self_attn.q_proj", block.Query)
                .Concat(Linear($"{name}.self_attn.k_proj", block.Key))
                .Concat(Linear($"{name}.self_attn.v_proj", block.Value))
                .Concat(Linear($"{name}.self_attn.o_proj", block.Output))
        )
            yield return tensor;
        if (block is { QueryNorm: { } queryNorm, KeyNorm: { } keyNorm })
        {
            yield return norms.Tensor($"{name}.self_attn.q_norm", queryNorm);
            yield return norms.Tensor($"{name}.self_attn.k_norm", keyNorm);
        }

        foreach (var tensor in norms.OfFeedForward(block, name))
            yield return tensor;
        if (block.Gate is not null)
        {
            foreach (var tensor in Linear($"{name}.mlp.gate_proj", block.Gate))
                yield return tensor;
        }

        foreach (var tensor in Linear($"{name}.mlp.up_proj", block.Up).Concat(Linear($"{name}.mlp.down_proj", block.Down)))
            yield return tensor;
    }

    private static IEnumerable<FileTensor> Linear(string name, LinearWeights linear)
    {
        yield return new($"{name}.weight", linear.Weight);
        if (linear.Bias is not null)
            yield return new($"{name}.bias", linear.Bias);
    }
}
