namespace LowRank.Benchmarks.Models;

/// <summary>A small model with everything that comes and goes in a run: guides, factors, adapters.</summary>
[Transformer(vocabulary: 1_024, context: 128, width: 96, depth: 3, TieEmbeddings = true)]
[DenseBaseline]
public partial class SoakModel
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 256, Gated = true)]
    [LowRank(rank: 24, phaseOut: 0.5)]
    public partial Sublayer FeedForward { get; }
}
