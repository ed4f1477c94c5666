using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>
/// What one <see cref="LowRankAttribute"/> says about its factors beside rank and guide, and what that costs over all that it selects.
/// </summary>
/// <param name="Linears">Number of factored linears.</param>
/// <param name="Activation">The non-linearity between the factors; null for none.</param>
/// <param name="Residual">Whether the inner vector is added to the output.</param>
/// <param name="Initialization">How the factors start.</param>
/// <param name="RebalanceEvery">Optimizer steps between two rebalancings; 0 for none.</param>
/// <param name="RebalanceFlops">FLOPs of one rebalancing.</param>
/// <param name="ProductDecay">λ; 0 for none.</param>
/// <param name="DecayFlopsPerStep">FLOPs per optimizer step of the decay's gradient.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record FactorCost(
    int Linears,
    Activation? Activation,
    bool Residual,
    Initialization Initialization,
    int RebalanceEvery,
    long RebalanceFlops,
    double ProductDecay,
    long DecayFlopsPerStep
);
