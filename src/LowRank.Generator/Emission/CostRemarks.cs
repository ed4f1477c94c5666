using LowRank.Generator.Costs;

namespace LowRank.Generator.Emission;

/// <summary>The lines of a model's hover that stand beside its parameters and FLOPs: the paper's own accounting, and memory.</summary>
internal static class CostRemarks
{
    public static IEnumerable<string> Of(ModelCosts costs)
    {
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
    }

    private static string Range(MemoryTotals memory, PhaseTotals precision)
    {
        var (start, end) = (Bytes(memory.TrainingAtStart(precision)!.Value), Bytes(memory.TrainingAtEnd(precision)!.Value));
        return start == end ? start : $"{start} at the first step and {end} once every guide is gone";
    }

    private static string Bytes(decimal bytes) => Literals.Scientific(bytes) + " bytes";
}
