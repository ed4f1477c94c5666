namespace LowRank.Examples.Models;

/// <summary>The 335 M transformer of Wei et al. (2024) with feed-forward layers of half rank.</summary>
[Transformer(vocabulary: 32_000, context: 1_024, width: 1_024, depth: 24, Norm = Norm.LayerNorm, Bias = Bias.All, TieEmbeddings = true)]
[TrainingRun(tokens: 6_700_000_000, sequencesPerStep: 512, SequencesPerMicroBatch = 8)]
[DenseBaseline]
public partial class PaperM
{
    [Attention(heads: 16)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 4_096, Activation.GeluTanh)]
    [LowRank(rank: 512, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
