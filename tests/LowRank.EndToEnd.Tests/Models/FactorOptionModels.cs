namespace LowRank.EndToEnd.Tests.Models;

/// <summary>CoLA's form, an activation between the factors: another in every declaration, by projection and by block.</summary>
[Transformer(vocabulary: 300, context: 32, width: 48, depth: 3)]
[LowRank(rank: 7, Activation = Activation.Silu, Layers = "..2")]
[LowRank(rank: 5, Activation = Activation.ReluSquared, Initialization = Initialization.Orthogonal, Layers = "2..")]
[TrainingRun(tokens: 10_000, sequencesPerStep: 4)]
[DenseBaseline]
public partial class ColaForm
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    [LowRank(rank: 9, Activation = Activation.Relu, Projections = Projections.Up)]
    [LowRank(rank: 6, Activation = Activation.GeluTanh, Guide = Guide.None, Projections = Projections.Down, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}

/// <summary>
/// DLR's form, a residual around the second factor: with a guide and without, of sizes that the rank divides and doesn't.
/// </summary>
[Transformer(vocabulary: 300, context: 32, width: 48, depth: 3, Bias = Bias.All, ActivationCheckpointing = true)]
[LowRank(rank: 10, phaseOut: 0.5, Residual = true, Layers = "1..")]
[TrainingRun(tokens: 10_000, sequencesPerStep: 4)]
[DenseBaseline]
public partial class ResidualForm
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    [LowRank(rank: 16, Guide = Guide.None, Residual = true, Initialization = Initialization.Gaussian, Projections = Projections.Up)]
    [LowRank(rank: 7, Guide = Guide.Sampled, Residual = true, Projections = Projections.Down)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Rebalanced factors and product decay: with a guide and without, in different rhythms.</summary>
[Transformer(vocabulary: 300, context: 32, width: 48, depth: 3)]
[TrainingRun(tokens: 10_000, sequencesPerStep: 4)]
[DenseBaseline]
public partial class BalancedForm
{
    [Attention(heads: 4)]
    [LowRank(rank: 6, phaseOut: 0.5, RebalanceEvery = 3, Layers = "1..")]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96)]
    [LowRank(rank: 8, phaseOut: 0.5, ProductDecay = 0.25, Projections = Projections.Up)]
    [LowRank(
        rank: 5,
        Guide = Guide.None,
        RebalanceEvery = 2,
        ProductDecay = 0.125,
        Residual = true,
        Initialization = Initialization.Orthogonal,
        Projections = Projections.Down
    )]
    public partial Sublayer FeedForward { get; }
}

/// <summary>LLaMA's form with factors that are never drawn and a residual around them.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, RotaryBase = 500_000, NormEpsilon = 1e-6)]
[LowRank(rank: 8, phaseOut: 0.5, Residual = true, Initialization = Initialization.Pretrained)]
[DenseBaseline]
public partial class PretrainedForm
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
