namespace LowRank.Generator.Benchmarks;

/// <summary>One measured quantity.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Median">The median.</param>
/// <param name="Low">The 10th percentile, or what the note beside the figure says.</param>
/// <param name="High">The 90th percentile.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Bar">What it has to stay below, or null.</param>
internal sealed record Figure(string Name, double Median, double Low, double High, string Unit, double? Bar)
{
    public bool? KeepsToBar => Bar is null ? null : Median < Bar;

    /// <summary>The median and the 10th and 90th percentiles of some samples.</summary>
    public static Figure Of(string name, IEnumerable<double> samples, string unit, double? bar)
    {
        var sorted = samples.Order().ToList();
        return new(name, Percentile(sorted, 0.5), Percentile(sorted, 0.1), Percentile(sorted, 0.9), unit, bar);
    }

    private static double Percentile(List<double> sorted, double fraction)
    {
        var position = fraction * (sorted.Count - 1);
        var below = (int)position;
        return below + 1 < sorted.Count ? sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
