using LowRank;

namespace Models;

/// <summary>A small transformer to begin with: change it.</summary>
[Transformer(vocabulary: 2_048, context: 128, width: 128, depth: 4, TieEmbeddings = true)]
[TrainingRun(tokens: 614_400, sequencesPerStep: 16, Optimizer = OptimizerKind.Muon, LearningRate = 8e-3)]
[DenseBaseline]
public partial class SmallTransformer
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512)]
    [LowRank]
    public partial Sublayer FeedForward { get; }
}
