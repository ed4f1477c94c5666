using LowRank.Costs;

namespace LowRank.Training.Wording;

/// <summary>Writes an amount of what a budget limits in its unit.</summary>
internal static class BudgetWords
{
    /// <summary>Bytes for memory, three figures for FLOPs, else the whole number.</summary>
    public static string Amount(BudgetLine limit, decimal amount) =>
        limit.Quantity.EndsWith("Memory", StringComparison.Ordinal) ? Quantity.Bytes(amount)
        : limit.Quantity.EndsWith("Flops", StringComparison.Ordinal) ? Quantity.Flops(amount)
        : Quantity.Count(amount);
}
