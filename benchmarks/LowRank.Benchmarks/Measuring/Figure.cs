namespace LowRank.Benchmarks.Measuring;

/// <summary>One measured figure, a ratio unless its name says otherwise.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Median">Median over the rounds.</param>
/// <param name="Low">The tenth percentile.</param>
/// <param name="High">The ninetieth percentile.</param>
/// <param name="Bar">What it should not exceed (or reach, where the name says "at least"), or null.</param>
internal sealed record Figure(string Name, double Median, double Low, double High, double? Bar = null)
{
    /// <summary>Whether the bar is to be reached, where the name doesn't say so.</summary>
    public bool AtLeast { get; init; }

    /// <summary>Median and spread of samples.</summary>
    public static Figure Of(string name, IEnumerable<double> samples, double? bar = null)
    {
        var sorted = samples.Order().ToArray();
        return new(name, Quantile(sorted, 0.5), Quantile(sorted, 0.1), Quantile(sorted, 0.9), bar);
    }

    private static double Quantile(double[] sorted, double fraction)
    {
        var position = fraction * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
