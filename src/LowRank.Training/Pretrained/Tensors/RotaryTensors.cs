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
    /// <param name="architecture">The architecture.</param>
    /// <param name="queryScale">What queries of latent attention are multiplied by when they are read.</param>
    public static Func<DeclaredWeights, string, IEnumerable<FileTensor>> Of(Architecture architecture, double queryScale)
    {
        return List;

        IEnumerable<FileTensor> List(DeclaredWeights model, string prefix)
        {
            var norms = RotaryNorms.Of(architecture);
            yield return new($"{prefix}embed_tokens.weight", model.Embedding);
            for (var index = 0; index < model.Blocks.Count; index++)
            {
                var (block, name) = (model.Blocks[index], string.Create(CultureInfo.InvariantCulture, $"{prefix}layers.{index}"));
                var attention =
                    architecture == Architecture.DeepSeekV2
                        ? LatentTensors.Of(model, block, $"{name}.self_attn", norms, queryScale)
                        : Attention(block, $"{name}.self_attn", norms, isFused: architecture == Architecture.Phi3);
                foreach (
                    var tensor in norms
                        .OfAttention(block, name)
                        .Concat(attention)
                        .Concat(norms.OfFeedForward(block, name))
                        .Concat(FeedForwardTensors.Of(block, name, architecture))
                )
                    yield return tensor;
            }

            yield return norms.Tensor($"{prefix}norm", model.FinalNorm.Weight);
        }
    }

    /// <summary>Whether it is the table of rotary frequencies, which old checkpoints hold in every block.</summary>
    public static bool IsTable(string name) => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    private static IEnumerable<FileTensor> Attention(BlockWeights block, string name, RotaryNorms norms, bool isFused)
    {
        var projections = isFused
            ? FileTensor.OfLinear($"{name}.qkv_proj", [block.Query, block.Key, block.Value])
            : FileTensor
                .OfLinear($"{name}.q_proj", [block.Query])
                .Concat(FileTensor.OfLinear($"{name}.k_proj", [block.Key]))
                .Concat(FileTensor.OfLinear($"{name}.v_proj", [block.Value]));
        foreach (var tensor in projections.Concat(FileTensor.OfLinear($"{name}.o_proj", [block.Output])))
            yield return tensor;
        if (block is { QueryNorm: { } queryNorm, KeyNorm: { } keyNorm })
        {
            yield return norms.Tensor($"{name}.q_norm", queryNorm);
            yield return norms.Tensor($"{name}.k_norm", keyNorm);
        }
    }
}
