namespace LowRank.EndToEnd.Tests.Models;

/// <summary>
/// Mixtral's form: two of several gated experts, weights that add up to 1, a balancing loss; with guides inside the experts.
/// </summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 2)]
[TrainingRun(tokens: 10_000, sequencesPerStep: 4)]
[Budget(ActiveParameters = 60_000)]
[DenseBaseline]
public partial class MixtralForm
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 48, Gated = true)]
    [Experts(count: 4, active: 2)]
    [LowRank(rank: 6, phaseOut: 0.5)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>
/// DeepSeek's form: the first block dense, shared experts, sigmoid scores, scaled weights, balanced by a bias; some factored.
/// </summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 3, ActivationCheckpointing = true)]
[DenseBaseline]
public partial class DeepSeekForm
{
    [Attention(heads: 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 80, Gated = true, Layers = "..1")]
    public partial Sublayer First { get; }

    [FeedForward(hidden: 24, Gated = true, Layers = "1..")]
    [Experts(count: 6, active: 3, Shared = 2, Router = RouterScore.Sigmoid, WeightScale = 1.5, Balance = Balance.Bias, BiasStep = 0.01)]
    [LowRank(rank: 5, Guide = Guide.None, Layers = "2..", Projections = Projections.Gate | Projections.Up)]
    public partial Sublayer Mixture { get; }
}

/// <summary>
/// The Switch transformer's form: one of several plain experts by its own score, biases, beside the attention; with adapters.
/// </summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 2, Norm = Norm.LayerNorm, Bias = Bias.All, Residual = Residual.Parallel)]
[LoRA(rank: 3, alpha: 6, Projections = Projections.Up | Projections.Down)]
public partial class SwitchForm
{
    [Attention(heads: 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 64, Activation.Relu)]
    [Experts(count: 4, active: 1, Shared = 1, BalanceWeight = 0.05)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>A mixture that reads the stream itself, with a norm after it, as OLMo 2 has its sublayers.</summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 2, NormPlacement = NormPlacement.After)]
public partial class MixtureAfter
{
    [Attention(heads: 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 24, Gated = true)]
    [Experts(count: 4, active: 2, Shared = 1, Balance = Balance.None)]
    [LowRank(rank: 5, phaseOut: 0.5, Projections = Projections.Down)]
    public partial Sublayer FeedForward { get; }
}
