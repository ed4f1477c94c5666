namespace LowRank.Examples.Models.Experiments;

/// <summary>Feed-forward layers of all blocks but the first keep 11.5 % of their weights.</summary>
[Transformer(vocabulary: 2_048, context: 256, width: 192, depth: 4, TieEmbeddings = true)]
[DenseBaseline]
public partial class FeedForward11
{
    [Attention(heads: 3)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512, Gated = true)]
    [LowRank(rank: 16, Guide = Guide.None, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
