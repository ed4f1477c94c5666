namespace LowRank.Examples.Models;

/// <summary>A miniature of the transformers of Wei et al. (2024).</summary>
[Transformer(vocabulary: 2_048, context: 128, width: 128, depth: 4, Norm = Norm.LayerNorm, Bias = Bias.All, TieEmbeddings = true)]
[TrainingRun(tokens: 614_400, sequencesPerStep: 16)]
[DenseBaseline]
public partial class PaperXs
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512, Activation.GeluTanh)]
    [LowRank(rank: 32, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
