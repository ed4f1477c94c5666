namespace LowRank.Examples.Models.Experiments;

/// <summary>Feed-forward layers of all blocks but the first keep 32.3 % of their weights; guide until one half.</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 4, TieEmbeddings = true)]
public partial class FeedForward32
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    [LowRank(rank: 62, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
