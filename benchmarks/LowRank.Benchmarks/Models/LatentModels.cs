namespace LowRank.Benchmarks.Models;

/// <summary>Latent attention in the proportions of DeepSeek-V2-Lite, at half its width.</summary>
[Transformer(vocabulary: 256, context: 2_048, width: 1_024, depth: 1)]
public partial class LiteLatents
{
    [Attention(heads: 16, HeadSize = 128, KeyValueRank = 512, RotarySize = 64, ValueSize = 128)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 64)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Latent attention of a small model.</summary>
[Transformer(vocabulary: 256, context: 2_048, width: 512, depth: 1)]
public partial class SmallLatents
{
    [Attention(heads: 8, HeadSize = 64, KeyValueRank = 128, RotarySize = 32, ValueSize = 64)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 64)]
    public partial Sublayer FeedForward { get; }
}
