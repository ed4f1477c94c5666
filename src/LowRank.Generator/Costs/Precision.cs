using LowRank.Costs;

namespace LowRank.Generator.Costs;

/// <summary>The sizes of numbers in training, in bytes, and whether the guides are present.</summary>
/// <param name="Stored">Parameters, norms, the residual stream and the loss.</param>
/// <param name="Computed">Products and what is between them.</param>
/// <param name="IsGuided">Whether layers with a guide compute through their effective weights.</param>
internal readonly record struct Precision(int Stored, int Computed, bool IsGuided)
{
    public bool IsMixed => Computed != Stored;

    public static Precision Full(bool guided) => new(StateMemoryFormula.Bytes32, StateMemoryFormula.Bytes32, guided);

    public static Precision Mixed(bool guided) => new(StateMemoryFormula.Bytes32, StateMemoryFormula.Bytes16, guided);
}
