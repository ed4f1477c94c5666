using LowRank.Blocks;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Training.Variations;

/// <summary>A block of a composed model: its sublayers around the residual stream.</summary>
internal sealed class ComposedBlock : TransformerBlock
{
    private readonly bool isParallel;

    /// <param name="isParallel">Whether all sublayers read what the block was given.</param>
    /// <param name="parts">The sublayers under their registered names; null where this block has none.</param>
    public ComposedBlock(bool isParallel, params (string Name, nn.Module? Sublayer)[] parts)
        : base("Block", isParallel, parts)
    {
        this.isParallel = isParallel;
        Parts = [.. parts.Select(part => part.Sublayer)];
    }

    /// <summary>The sublayers in the order in which they are declared; null where this block has none.</summary>
    public IReadOnlyList<nn.Module?> Parts { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, KeyValueCache? cache)
    {
        var stream = x.alias();
        foreach (var part in Parts.Where(part => part is not null))
        {
            using var before = stream;
            using var output = part is CachingLayer attention
                ? attention.forward(isParallel ? x : before, cache)
                : ((Layer)part!).forward(isParallel ? x : before);
            stream = ResidualPath.Sum(before, output);
        }

        return stream;
    }
}
