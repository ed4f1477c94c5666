using LowRank.Generator.Costs;

namespace LowRank.Generator.Emission;

/// <summary>
/// The lines of a model's hover that stand beside its parameters and FLOPs: the paper's own accounting, memory, and the budget.
/// </summary>
internal static class CostRemarks
{
    public static IEnumerable<string> Of(CostedTransformer costed)
    {
        var costs = costed.Costs;
        if (costs.TwoBranches is { } branches)
        {
            yield return $"The same run with the guides as branches of their own (Wei et al.): {Literals.Scientific(branches.Mixed)}, "
                + $"or {Literals.Scientific(branches.Sampled)} sampled (paper convention).";
        }

        if (costs.Memory is { TokensPerMicroBatch: { } tokens } memory)
        {
            yield return $"Training memory at {Literals.Readable(tokens)} tokens a micro-batch: {Range(memory, memory.FullPrecision)} (fp32), "
                + $"{Range(memory, memory.MixedPrecision)} (bf16).";
        }

        if (costed.Budget.Count > 0)
            yield return $"Budget: {string.Join("; ", costed.Budget.Select(Share))}.";
    }

    private static string Share(BudgetUse use) =>
        $"{use.Limit.Quantity} {Amount(use.Amount)} of {Amount(use.Limit.Value!.Value)}{(use.IsExceeded ? ", exceeded" : "")}";

    private static string Amount(decimal value) => value < 1e15m ? Literals.Readable(value) : Literals.Scientific(value);

    private static string Range(MemoryTotals memory, PhaseTotals precision)
    {
        var (start, end) = (Bytes(memory.TrainingAtStart(precision)!.Value), Bytes(memory.TrainingAtEnd(precision)!.Value));
        return start == end ? start : $"{start} at the first step and {end} once every guide is gone";
    }

    private static string Bytes(decimal bytes) => Literals.Scientific(bytes) + " bytes";
}
