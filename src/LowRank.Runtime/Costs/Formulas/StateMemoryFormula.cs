using System;

namespace LowRank.Costs;

/// <summary>
/// What training holds from step to step. Parameters, gradients and both moments of Adam are 32-bit floats in either precision: mixed
/// precision casts weights where they are multiplied.
/// </summary>
internal static class StateMemoryFormula
{
    /// <summary>Bytes of a 32-bit float.</summary>
    public const int Bytes32 = 4;

    /// <summary>Bytes of a bfloat16.</summary>
    public const int Bytes16 = 2;

    /// <summary>Bytes of a parameter: itself, its gradient, two moments.</summary>
    public const int PerParameter = 4 * Bytes32;

    /// <summary>
    /// Bytes of a guide's parameter: the same, and the effective weight. The effective weight's gradient is accumulated in the guide's own
    /// (∂W = αG in place).
    /// </summary>
    public const int PerGuideParameter = 5 * Bytes32;

    /// <summary>Bytes of parameters and guides: <c>16·P + 20·G</c>.</summary>
    /// <param name="parameters">P: parameters without guides.</param>
    /// <param name="guideParameters">G: parameters of the guides that exist.</param>
    public static decimal Of(decimal parameters, decimal guideParameters) =>
        PerParameter * parameters + PerGuideParameter * guideParameters;
}
