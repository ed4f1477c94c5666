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

/// <summary>
/// The same at twice the width: what a process holds beside tensors weighs little beside it. Drawn without the decompositions that take
/// minutes at this width and leave nothing in memory.
/// </summary>
[Transformer(vocabulary: 1_024, context: 128, width: 1_024, depth: 6)]
[LowRank(rank: 256, phaseOut: 0.5, Initialization = Initialization.Orthogonal)]
[TrainingRun(tokens: 1_000_000, sequencesPerStep: 4, SequencesPerMicroBatch = 2)]
[DenseBaseline]
public partial class RankMemoryModel
{
    [Attention(heads: 16)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 3_072, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
