namespace LowRank.EndToEnd.Tests.Models;

/// <summary>The recommended recipe, with the optimizer and the rate that go with it.</summary>
[Transformer(vocabulary: 512, context: 64, width: 64, depth: 2)]
[TrainingRun(tokens: 1_000_000, sequencesPerStep: 16, Optimizer = OptimizerKind.Muon, LearningRate = 4e-3)]
[DenseBaseline]
[LowRank]
public partial class RecipeDeclared
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 256)]
    public partial Sublayer FeedForward { get; }
}
