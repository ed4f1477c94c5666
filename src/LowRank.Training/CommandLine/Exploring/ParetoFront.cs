namespace LowRank.Training.CommandLine.Exploring;

/// <summary>Marks the points that no other beats in one respect without losing in the other.</summary>
internal static class ParetoFront
{
    /// <summary>
    /// Marks, of those without warnings that fit the budget, the points that have the most parameters for their FLOPs, and of those
    /// measured the ones of the lowest perplexity for their FLOPs.
    /// </summary>
    public static IReadOnlyList<DesignPoint> Mark(IReadOnlyList<DesignPoint> points)
    {
        var largest = Front(points.Where(point => point.IsSound), point => -point.Parameters);
        var best = Front(points.Where(point => point is { IsSound: true, Measured: not null }), point => point.Measured!.Mean);
        return [.. points.Select(point => point with { IsOnFront = largest.Contains(point), IsOnMeasuredFront = best.Contains(point) })];
    }

    // From the cheapest on, a point is on the front if it is better than all before it. Equal ones are all on it.
    private static HashSet<DesignPoint> Front(IEnumerable<DesignPoint> points, Func<DesignPoint, double> loss)
    {
        var front = new HashSet<DesignPoint>(ReferenceEqualityComparer.Instance);
        var best = double.PositiveInfinity;
        foreach (var equal in points.GroupBy(point => point.Flops).OrderBy(group => group.Key))
        {
            var least = equal.Min(loss);
            if (least >= best)
                continue;
            best = least;
            front.UnionWith(equal.Where(point => loss(point) == least));
        }

        return front;
    }
}
