namespace LowRank.Examples.Models.Experiments;

/// <summary>Feed-forward layers of all blocks but the first keep 31.5 % of their weights, with a residual over the factors (DLR).</summary>
[Transformer(vocabulary: 2_048, context: 256, width: 192, depth: 4, TieEmbeddings = true)]
[DenseBaseline]
public partial class FeedForward32Residual
{
    [Attention(heads: 3)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512, Gated = true)]
    [LowRank(rank: 44, phaseOut: 0.5, Residual = true, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
