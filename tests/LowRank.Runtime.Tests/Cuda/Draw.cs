namespace LowRank.Runtime.Tests.Cuda;

/// <summary>Values to compute with, the same in every run.</summary>
internal static class Draw
{
    /// <summary>Normally distributed.</summary>
    public static double[] Normal(long count, int seed, double scale = 1)
    {
        var random = new Random(seed);
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return values;
    }

    /// <summary>Likewise, and among them zeros, the smallest numbers there are and large ones.</summary>
    public static double[] Extreme(long count, int seed, double largest = 1e4)
    {
        double[] extremes = [largest, -largest, 0, 1e-40, -1e-40, 30, -30, 1e-20];
        var values = Normal(count, seed);
        for (var i = 0; i < count; i += 5)
            values[i] = extremes[i / 5 % extremes.Length];
        return values;
    }

    /// <summary>Around 1.</summary>
    public static double[] Gains(long count, int seed) => [.. Normal(count, seed, 0.2).Select(value => 1 + value)];
}
