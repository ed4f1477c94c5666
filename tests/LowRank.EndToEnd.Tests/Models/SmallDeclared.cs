namespace LowRank.EndToEnd.Tests.Models;

/// <summary>The declaration that the hand-written model implements.</summary>
[Transformer(vocabulary: 512, context: 64, width: 64, depth: 4)]
[TrainingRun(tokens: 1_000_000, sequencesPerStep: 16)]
[DenseBaseline]
public partial class SmallDeclared
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 256)]
    [LowRank(rank: 16, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
