namespace LowRank.Benchmarks.Measuring;

/// <summary>A power fitted to points.</summary>
internal static class PowerLaw
{
    /// <summary>The exponent p of <c>y = c·xᵖ</c> by least squares between the logarithms.</summary>
    public static double Exponent(double[] x, double[] y)
    {
        var (logX, logY) = (Array.ConvertAll(x, Math.Log), Array.ConvertAll(y, Math.Log));
        var (meanX, meanY) = (logX.Average(), logY.Average());
        return logX.Zip(logY, (a, b) => (a - meanX) * (b - meanY)).Sum() / logX.Sum(a => (a - meanX) * (a - meanX));
    }
}
