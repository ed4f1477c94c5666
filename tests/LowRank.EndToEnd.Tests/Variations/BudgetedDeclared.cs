namespace LowRank.EndToEnd.Tests.Variations;

/// <summary>A model with a budget that some of its variations keep.</summary>
[Transformer(vocabulary: 300, context: 32, width: 64, depth: 3)]
[TrainingRun(tokens: 300_000, sequencesPerStep: 8)]
[Budget(Parameters = 150_000)]
[LowRank(rank: 16, Layers = "1..")]
[DenseBaseline]
public partial class BudgetedDeclared
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 256)]
    public partial Sublayer FeedForward { get; }
}
