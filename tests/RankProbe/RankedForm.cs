namespace LowRank.RankProbe;

/// <summary>Guides that are blended in and drawn, factors without one, rebalanced in two rhythms.</summary>
[Transformer(vocabulary: 300, context: 16, width: 32, depth: 2)]
[TrainingRun(tokens: 3_200, sequencesPerStep: 4)]
[DenseBaseline]
public partial class RankedForm
{
    [Attention(heads: 2)]
    [LowRank(rank: 4, phaseOut: 0.5, RebalanceEvery = 3)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 64)]
    [LowRank(rank: 6, phaseOut: 0.6, Guide = Guide.Sampled, ProductDecay = 0.25, Projections = Projections.Up)]
    [LowRank(
        rank: 5,
        Guide = Guide.None,
        RebalanceEvery = 2,
        Residual = true,
        Initialization = Initialization.Orthogonal,
        Projections = Projections.Down
    )]
    public partial Sublayer FeedForward { get; }
}
