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

/// <summary>Width 2,048, rank a quarter of it everywhere.</summary>
[Transformer(vocabulary: 8_192, context: 1_024, width: 2_048, depth: 8)]
[LowRank(rank: 512, phaseOut: 0.5)]
[DenseBaseline]
public partial class QuarterOfTwoThousand
{
    [Attention(heads: 16)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 6_144, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Width 2,048, rank half of it in the feed-forward layers.</summary>
[Transformer(vocabulary: 8_192, context: 1_024, width: 2_048, depth: 8)]
[DenseBaseline]
public partial class HalfOfTwoThousand
{
    [Attention(heads: 16)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 6_144, Gated = true)]
    [LowRank(rank: 1_024, phaseOut: 0.5)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Width 64, rank a quarter of it everywhere: to see that the benchmark runs.</summary>
[Transformer(vocabulary: 512, context: 128, width: 64, depth: 2)]
[LowRank(rank: 16, phaseOut: 0.5)]
[DenseBaseline]
public partial class QuarterOfSixtyFour
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 192, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Width 64, rank half of it in the feed-forward layers.</summary>
[Transformer(vocabulary: 512, context: 128, width: 64, depth: 2)]
[DenseBaseline]
public partial class HalfOfSixtyFour
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 192, Gated = true)]
    [LowRank(rank: 32, phaseOut: 0.5)]
    public partial Sublayer FeedForward { get; }
}
