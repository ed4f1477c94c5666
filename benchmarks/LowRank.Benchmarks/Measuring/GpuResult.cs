namespace LowRank.Benchmarks.Measuring;

/// <summary>A target and what was measured of it.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Median">The median; null where nothing was measured.</param>
/// <param name="Low">The tenth percentile.</param>
/// <param name="High">The ninetieth percentile.</param>
/// <param name="Bar">What the median should not exceed, or reach.</param>
/// <param name="AtLeast">Whether it should reach it.</param>
/// <param name="Card">The GPU.</param>
internal sealed record GpuResult(string Name, double? Median, double? Low, double? High, double Bar, bool AtLeast, string? Card);
