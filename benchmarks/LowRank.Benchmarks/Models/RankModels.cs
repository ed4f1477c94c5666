namespace LowRank.Benchmarks.Models;

/// <summary>Few tokens for many parameters, as where a job meets its network: width 512, rank a quarter of it everywhere.</summary>
[Transformer(vocabulary: 1_024, context: 128, width: 512, depth: 6)]
[LowRank(rank: 128, phaseOut: 0.5)]
[TrainingRun(tokens: 1_000_000, sequencesPerStep: 4, SequencesPerMicroBatch = 2)]
[DenseBaseline]
public partial class RankModel
{
    [Attention(heads: 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_536, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
