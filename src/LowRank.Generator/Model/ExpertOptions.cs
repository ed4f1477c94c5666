namespace LowRank.Generator.Model;

/// <summary>What <c>[Experts]</c> says.</summary>
/// <param name="Count">Experts among which the router chooses.</param>
/// <param name="Active">Those that a token passes through.</param>
/// <param name="Shared">Experts that every token passes through; null where none are written.</param>
/// <param name="Router">How logits become scores.</param>
/// <param name="NormalizeWeights">Whether the chosen scores are divided by their sum; null where it isn't said.</param>
/// <param name="WeightScale">What the weights are multiplied by.</param>
/// <param name="Balance">What keeps the loads even.</param>
/// <param name="BalanceWeight">The weight of the balancing loss.</param>
/// <param name="BiasStep">By how much the balancing bias moves.</param>
internal sealed record ExpertOptions(
    int Count,
    int Active,
    int? Shared = null,
    RouterScore Router = RouterScore.Softmax,
    bool? NormalizeWeights = null,
    double WeightScale = 1,
    Balance Balance = Balance.Loss,
    double BalanceWeight = 0.01,
    double BiasStep = 0.001
)
{
    /// <summary>The arguments about balancing that are written out, defaults or not.</summary>
    public EquatableArray<string> Written { get; init; } = EquatableArray<string>.Empty;

    /// <summary>Whether there is anything to choose among, and so many to be chosen.</summary>
    public bool IsSized => Count > 1 && Active > 0 && Active <= Count && Shared is not < 1;

    /// <summary>Whether the chosen scores are divided by their sum: a single one would always become 1.</summary>
    public bool Normalizes => NormalizeWeights ?? Active > 1;

    /// <summary>What keeps the loads even; nothing where all experts are active, and their loads equal.</summary>
    public Balance Balancing => Active == Count ? Balance.None : Balance;
}
