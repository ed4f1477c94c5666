using System;

namespace LowRank.Costs;

/// <summary>
/// The FLOPs that options of factors cost once per optimizer step, whatever the number of tokens. Matrix products count, a multiply-add as
/// 2; decompositions do not. Shared by the generator and the runtime.
/// </summary>
internal static class FactorUpkeepFormula
{
    /// <summary>
    /// The gradient of <c>(λ/2)‖UV‖²</c> through Gram matrices, <c>VVᵀ</c>, <c>UᵀU</c> and a product with each: <c>4r²(m+n)</c>.
    /// </summary>
    /// <param name="outputs">m.</param>
    /// <param name="inputs">n.</param>
    /// <param name="rank">r.</param>
    public static long Decay(long outputs, long inputs, long rank) => checked(4 * rank * rank * (outputs + inputs));

    /// <summary>One rebalancing: the r×r product of the triangles and one product for each factor, <c>2r³ + 2r²(m+n)</c>.</summary>
    /// <param name="outputs">m.</param>
    /// <param name="inputs">n.</param>
    /// <param name="rank">r.</param>
    public static long Rebalance(long outputs, long inputs, long rank) => checked(2 * rank * rank * (outputs + inputs + rank));

    /// <summary>Rebalancings in a run: after every <paramref name="every"/> steps but the last.</summary>
    /// <param name="steps">Optimizer steps.</param>
    /// <param name="every">Steps between two; 0 for none.</param>
    public static long Rebalancings(long steps, long every) => every > 0 && steps > 0 ? (steps - 1) / every : 0;

    /// <summary>Whether the factors are rebalanced after a step.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="steps">Optimizer steps of the run.</param>
    /// <param name="every">Steps between two; 0 for none.</param>
    public static bool RebalancesAfter(long step, long steps, long every) => every > 0 && (step + 1) % every == 0 && step + 1 < steps;

    /// <summary>All of it over a run.</summary>
    /// <param name="decayFlopsPerStep">FLOPs of the decay in one step.</param>
    /// <param name="rebalanceFlops">FLOPs of one rebalancing.</param>
    /// <param name="every">Steps between two rebalancings; 0 for none.</param>
    /// <param name="steps">Optimizer steps.</param>
    public static decimal Run(decimal decayFlopsPerStep, decimal rebalanceFlops, long every, long steps) =>
        decayFlopsPerStep * steps + rebalanceFlops * Rebalancings(steps, every);
}
