using LowRank.Training.Runs;

namespace LowRank.Training.Experiments;

/// <summary>How many steps cost a given number of training FLOPs.</summary>
internal static class EqualFlops
{
    /// <summary>The steps whose FLOPs, guide and dense layers included, lie nearest to the wanted; at least 1.</summary>
    public static long Steps(decimal wanted, ModelEntry entry, Variant variant, TrainingOptions options)
    {
        decimal At(long steps) => DensePhase.Flops(entry, variant, options with { Steps = steps });
        long low = 1,
            high = 1;
        while (At(high) < wanted)
            high = checked(2 * high);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (At(middle) < wanted)
                low = middle + 1;
            else
                high = middle;
        }

        // low is the first that costs as much or more.
        return low > 1 && wanted - At(low - 1) <= At(low) - wanted ? low - 1 : low;
    }
}
