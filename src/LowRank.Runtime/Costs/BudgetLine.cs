using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>One limit of a model's <see cref="BudgetAttribute"/> and what the model has of it.</summary>
/// <param name="Quantity">What is limited, by the name of the attribute's property.</param>
/// <param name="Amount">What the model has: a number, FLOPs or bytes, as the property says.</param>
/// <param name="Limit">What it may have, in the same unit.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record BudgetLine(string Quantity, decimal Amount, decimal Limit)
{
    /// <summary>Whether the model has more than it may.</summary>
    public bool IsExceeded => Amount > Limit;
}
