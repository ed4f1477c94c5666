namespace LowRank.Training.Scaling;

/// <summary>
/// How the optimizer's state is divided among ranks that each update a part (ZeRO's first stage: Rajbhandari et al., 2020,
/// arXiv:1910.02054). What AdamW treats number by number is cut anywhere. A weight stays whole with its factors and its guide where the
/// optimizer needs it whole, or where factors' gradients are projected from the guide's; ranks then own runs of neighboring weights.
/// </summary>
/// <param name="Even">State over ranks, rounded up: what a rank would have of the same for all.</param>
/// <param name="Largest">What the rank with the most has, in the division in which that is least.</param>
internal sealed record StateShares(long Even, long Largest)
{
    /// <summary>Divides it.</summary>
    /// <param name="weights">What is trained.</param>
    /// <param name="optimizer">By what.</param>
    /// <param name="ranks">Number of ranks.</param>
    public static StateShares Of(TrainedWeights weights, OptimizerNumbers optimizer, int ranks)
    {
        var total = optimizer.State(weights);
        var even = Ceiling(total, ranks);
        return new(
            even,
            optimizer.IsElementwise && !weights.HasGuides
                ? even
                : LeastLargest(OptimizerNumbers.OtherState(weights), weights.Matrices.Select(optimizer.State), total, ranks)
        );
    }

    /// <summary>The least capacity with which so many ranks hold everything in its order; found by halving, filling greedily.</summary>
    /// <param name="divisible">What comes first, and is cut anywhere.</param>
    /// <param name="whole">What comes then, piece by piece; enumerated again and again.</param>
    /// <param name="total">All of it.</param>
    /// <param name="ranks">Number of ranks.</param>
    internal static long LeastLargest(long divisible, IEnumerable<long> whole, long total, int ranks)
    {
        var (least, most) = (Math.Max(Ceiling(total, ranks), whole.DefaultIfEmpty(0).Max()), total);
        while (least < most)
        {
            var capacity = least + (most - least) / 2;
            if (Suffices(divisible, whole, capacity, ranks))
                most = capacity;
            else
                least = capacity + 1;
        }

        return most;
    }

    private static long Ceiling(long total, int ranks) => total / ranks + (total % ranks == 0 ? 0 : 1);

    private static bool Suffices(long divisible, IEnumerable<long> whole, long capacity, int ranks)
    {
        if (capacity == 0)
            return true;
        var (full, last) = (divisible / capacity, divisible % capacity);
        foreach (var piece in whole)
        {
            if (piece > capacity - last)
                (full, last) = (full + 1, 0);
            last += piece;
            if (full >= ranks)
                return false;
        }

        return full + (last > 0 ? 1 : 0) <= ranks;
    }
}
