namespace LowRank.Benchmarks.Models;

/// <summary>Small, so that thousands of steps take seconds.</summary>
[Transformer(vocabulary: 512, context: 64, width: 128, depth: 2)]
[LowRank(rank: 32, phaseOut: 0.5)]
public partial class MemoryModel
{
    [Attention(heads: 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 384, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
