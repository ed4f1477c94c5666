namespace LowRank.Examples.Models.Experiments;

/// <summary>
/// Every linear layer of every block has rank 48, a quarter of the width; factors are rebalanced every 50 steps; guide until one quarter.
/// </summary>
[Transformer(vocabulary: 2_048, context: 256, width: 192, depth: 4, TieEmbeddings = true)]
[LowRank(rank: 48, phaseOut: 0.25, RebalanceEvery = 50)]
public partial class EverywhereRebalanced
{
    [Attention(heads: 3)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
