namespace LowRank.Examples.Models.Experiments;

/// <summary>Every linear layer of every block has rank 64, a quarter of the width, with a residual over the factors (DLR); factors are rebalanced every 50 steps; guide until one quarter.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 4, TieEmbeddings = true)]
[LowRank(rank: 64, phaseOut: 0.25, Residual = true, RebalanceEvery = 50)]
public partial class EverywhereResidualRebalanced
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
