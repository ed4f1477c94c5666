namespace LowRank.Benchmarks.Models;

/// <summary>Width 512, rank a quarter of it everywhere.</summary>
[Transformer(vocabulary: 8_192, context: 256, width: 512, depth: 6)]
[LowRank(rank: 128, phaseOut: 0.5)]
[DenseBaseline]
public partial class QuarterWidth
{
    [Attention(heads: 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_536, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Width 512, rank half of it in the feed-forward layers, as the guides of the paper's runs.</summary>
[Transformer(vocabulary: 8_192, context: 256, width: 512, depth: 6)]
[DenseBaseline]
public partial class HalfWidth
{
    [Attention(heads: 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_536, Gated = true)]
    [LowRank(rank: 256, phaseOut: 0.5)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Width 512, rank a sixteenth of it everywhere.</summary>
[Transformer(vocabulary: 8_192, context: 256, width: 512, depth: 6)]
[LowRank(rank: 32)]
[DenseBaseline]
public partial class SixteenthWidth
{
    [Attention(heads: 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_536, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Two of eight experts, each half as wide as the hidden layer of <see cref="QuarterWidth"/>.</summary>
[Transformer(vocabulary: 8_192, context: 256, width: 512, depth: 6)]
public partial class FewExperts
{
    [Attention(heads: 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    [Experts(count: 8, active: 2)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Six of twenty-four experts, each a sixth as wide as the hidden layer of <see cref="QuarterWidth"/>.</summary>
[Transformer(vocabulary: 8_192, context: 256, width: 512, depth: 6)]
public partial class ManyExperts
{
    [Attention(heads: 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 256, Gated = true)]
    [Experts(count: 24, active: 6)]
    public partial Sublayer FeedForward { get; }
}
