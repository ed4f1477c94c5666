namespace LowRank.Benchmarks.Models;

/// <summary>What the axes of growth have in common: vocabulary 4,096, width 256, depth 4.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 4)]
public partial class GrowthBase
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Width 128.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 128, depth: 4)]
public partial class GrowthWidth128
{
    [Attention(heads: 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 384, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Width 384.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 384, depth: 4)]
public partial class GrowthWidth384
{
    [Attention(heads: 6)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_152, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Width 512.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 512, depth: 4)]
public partial class GrowthWidth512
{
    [Attention(heads: 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_536, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Depth 2.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 2)]
public partial class GrowthDepth2
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Depth 8.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 8)]
public partial class GrowthDepth8
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Depth 16.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 16)]
public partial class GrowthDepth16
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Vocabulary 1,024.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 4)]
public partial class GrowthVocabulary1K
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Vocabulary 16,384.</summary>
[Transformer(vocabulary: 16_384, context: 256, width: 256, depth: 4)]
public partial class GrowthVocabulary16K
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Rank 12 everywhere.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 4)]
[LowRank(rank: 12, Guide = Guide.None)]
public partial class GrowthRank12
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Rank 24 everywhere.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 4)]
[LowRank(rank: 24, Guide = Guide.None)]
public partial class GrowthRank24
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Rank 48 everywhere.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 4)]
[LowRank(rank: 48, Guide = Guide.None)]
public partial class GrowthRank48
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Rank 96 everywhere.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 4)]
[LowRank(rank: 96, Guide = Guide.None)]
public partial class GrowthRank96
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
