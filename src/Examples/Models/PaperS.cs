namespace LowRank.Examples.Models;

/// <summary>The 110 M transformer of Wei et al. (2024) with feed-forward layers of half rank.</summary>
[Transformer(vocabulary: 32_000, context: 1_024, width: 768, depth: 12, Norm = Norm.LayerNorm, Bias = Bias.All, TieEmbeddings = true)]
[TrainingRun(tokens: 2_200_000_000, sequencesPerStep: 512, SequencesPerMicroBatch = 8)]
[DenseBaseline]
public partial class PaperS
{
    [Attention(heads: 12)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 3_072, Activation.GeluTanh)]
    [LowRank(rank: 384, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
