namespace LowRank.Generator.Benchmarks;

/// <summary>How a cost grows with the number of models: the exponent p of cost ∝ models^p.</summary>
internal static class Growth
{
    /// <summary>
    /// The slope of the least-squares line through the logarithms; low and high are the smallest and largest slope between neighbors.
    /// </summary>
    public static Figure Of(string name, IReadOnlyList<(int Models, double Cost)> points, double bar)
    {
        var logs = points.Select(point => (X: Math.Log(point.Models), Y: Math.Log(point.Cost))).ToList();
        var (x, y) = (logs.Average(log => log.X), logs.Average(log => log.Y));
        var slope = logs.Sum(log => (log.X - x) * (log.Y - y)) / logs.Sum(log => (log.X - x) * (log.X - x));
        var neighbors = logs.Zip(logs.Skip(1), (a, b) => (b.Y - a.Y) / (b.X - a.X)).ToList();
        return new(name, slope, neighbors.Min(), neighbors.Max(), "exponent", bar);
    }
}
