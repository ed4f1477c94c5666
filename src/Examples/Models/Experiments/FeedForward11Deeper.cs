namespace LowRank.Examples.Models.Experiments;

/// <summary>A block more, for what the factors of the feed-forward layers save.</summary>
[Transformer(vocabulary: 2_048, context: 256, width: 192, depth: 5, TieEmbeddings = true)]
public partial class FeedForward11Deeper
{
    [Attention(heads: 3)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512, Gated = true)]
    [LowRank(rank: 16, Guide = Guide.None, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
