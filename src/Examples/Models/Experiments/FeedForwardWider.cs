namespace LowRank.Examples.Models.Experiments;

/// <summary>Hidden layers twice as wide from block 1 on, for what their factors save.</summary>
[Transformer(vocabulary: 2_048, context: 256, width: 192, depth: 4, TieEmbeddings = true)]
public partial class FeedForwardWider
{
    [Attention(heads: 3)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512, Gated = true, Layers = "..1")]
    public partial Sublayer First { get; }

    [FeedForward(hidden: 1_024, Gated = true, Layers = "1..")]
    [LowRank(rank: 32, Guide = Guide.None)]
    public partial Sublayer Rest { get; }
}
