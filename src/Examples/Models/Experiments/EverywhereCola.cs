namespace LowRank.Examples.Models.Experiments;

/// <summary>Every linear layer of every block has rank 64, a quarter of the width, with a SiLU between the factors (CoLA).</summary>
[Transformer(vocabulary: 4_096, context: 256, width: 256, depth: 4, TieEmbeddings = true)]
[LowRank(rank: 64, Activation = Activation.Silu)]
public partial class EverywhereCola
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
