namespace LowRank.Examples.Models.Experiments;

/// <summary>Dense hidden layers, from block 1 on of the width that has the weights of <see cref="FeedForward32"/>'s factors.</summary>
[Transformer(vocabulary: 2_048, context: 256, width: 192, depth: 4, TieEmbeddings = true)]
public partial class FeedForwardNarrower
{
    [Attention(heads: 3)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512, Gated = true, Layers = "..1")]
    public partial Sublayer First { get; }

    [FeedForward(hidden: 161, Gated = true, Layers = "1..")]
    public partial Sublayer Rest { get; }
}
