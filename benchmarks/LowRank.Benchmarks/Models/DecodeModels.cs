namespace LowRank.Benchmarks.Models;

/// <summary>Width 512, rank an eighth of it everywhere.</summary>
[Transformer(vocabulary: 8_192, context: 256, width: 512, depth: 6)]
[LowRank(rank: 64)]
public partial class EighthWidth
{
    [Attention(heads: 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_536, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

#pragma warning disable LRK0302 // In the square layers this rank saves nothing: that is what is to be shown.
/// <summary>Width 512, rank half of it everywhere.</summary>
[Transformer(vocabulary: 8_192, context: 256, width: 512, depth: 6)]
[LowRank(rank: 256)]
public partial class HalfWidthEverywhere
{
    [Attention(heads: 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_536, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
#pragma warning restore LRK0302

/// <summary>Width 256: small enough that calls, not memory, take the time of a token.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 6)]
public partial class SmallDecoder
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
