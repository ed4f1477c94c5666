namespace LowRank.Examples.Models;

/// <summary>The 1.3 B transformer of Wei et al. (2024) with feed-forward layers of rank 1024.</summary>
[Transformer(vocabulary: 32_000, context: 1_024, width: 2_048, depth: 24, Norm = Norm.LayerNorm, Bias = Bias.All, TieEmbeddings = true)]
[TrainingRun(tokens: 25_500_000_000, sequencesPerStep: 512, SequencesPerMicroBatch = 8)]
[Budget(Parameters = 985_000_000, TrainingFlops = 1.9e20)]
[DenseBaseline]
public partial class PaperXl
{
    [Attention(heads: 16)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 8_192, Activation.GeluTanh)]
    [LowRank(rank: 1_024, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
