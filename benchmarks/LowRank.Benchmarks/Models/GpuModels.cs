namespace LowRank.Benchmarks.Models;

/// <summary>Width 1,024, rank a quarter of it everywhere: sizes at which a GPU is busy.</summary>
[Transformer(vocabulary: 8_192, context: 1_024, width: 1_024, depth: 8)]
[LowRank(rank: 256, phaseOut: 0.5)]
[DenseBaseline]
public partial class QuarterOfThousand
{
    [Attention(heads: 16)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 3_072, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Width 1,024, rank half of it in the feed-forward layers.</summary>
[Transformer(vocabulary: 8_192, context: 1_024, width: 1_024, depth: 8)]
[DenseBaseline]
public partial class HalfOfThousand
{
    [Attention(heads: 16)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 3_072, Gated = true)]
    [LowRank(rank: 512, phaseOut: 0.5)]
    public partial Sublayer FeedForward { get; }
}
