namespace LowRank.Training.Experiments;

/// <summary>A figure over seeds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The sample standard deviation (n − 1); 0 for a single seed.</param>
/// <param name="Least">The least.</param>
/// <param name="Most">The greatest.</param>
/// <param name="Count">Number of seeds.</param>
internal sealed record Spread(double Mean, double Deviation, double Least, double Most, int Count)
{
    /// <summary>Of values; null of none.</summary>
    public static Spread? Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
            return null;
        var mean = values.Average();
        var deviation = values.Count == 1 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return new Spread(mean, deviation, values.Min(), values.Max(), values.Count);
    }
}
