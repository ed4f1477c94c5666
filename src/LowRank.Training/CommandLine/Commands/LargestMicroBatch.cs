using LowRank.Costs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The largest micro-batch of full contexts that is trained within some memory, guides included.</summary>
internal static class LargestMicroBatch
{
    private const int Most = 1 << 20;

    /// <summary>Its sequences; 0 where not even one fits, null where the model's memory isn't known.</summary>
    public static int? Within(ModelCost cost, long bytes, bool mixed)
    {
        if (cost.Memory is null)
            return null;
        // Bytes grow with every sequence. Doubled first: of an absurd size no more is computed than its double.
        var (fits, tooMany) = (0, 1);
        while (tooMany <= Most && DeclaredMemory.Peak(cost, tooMany, mixed) <= bytes)
            (fits, tooMany) = (tooMany, tooMany * 2);
        while (tooMany - fits > 1)
        {
            var middle = fits + (tooMany - fits) / 2;
            if (DeclaredMemory.Peak(cost, middle, mixed) <= bytes)
                fits = middle;
            else
                tooMany = middle;
        }

        return fits;
    }
}
