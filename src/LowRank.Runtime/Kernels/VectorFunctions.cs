using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Functions of vectors of 32-bit floats.</summary>
internal static class VectorFunctions
{
    /// <summary>The logistic function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(-x));

    /// <summary>
    /// The hyperbolic tangent, within 3e-7 of its value: of small arguments by its series, in which nothing cancels, of others by the
    /// logistic function.
    /// </summary>
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        var square = x * x;
        var series = Vector512.Create(21_844f / 6_081_075f);
        series = series * square + Vector512.Create(-1_382f / 155_925f);
        series = series * square + Vector512.Create(62f / 2_835f);
        series = series * square + Vector512.Create(-17f / 315f);
        series = series * square + Vector512.Create(2f / 15f);
        series = series * square + Vector512.Create(-1f / 3f);
        var small = series * square * x + x;
        var one = Vector512<float>.One;
        var large = one - (one + one) / (one + Vector512.Exp(x + x));
        return Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Vector512.Create(0.35f)), small, large);
    }

    /// <summary>
    /// The normal distribution <c>Φ(x) = erfc(−x/√2)/2</c>, erfc by the Chebyshev fit of Press et al. (Numerical Recipes, 6.2): within
    /// 1.2e-7 of its value everywhere, in the tail too, where 1 + erf has no digit left.
    /// </summary>
    public static Vector512<float> NormalDistribution(Vector512<float> x)
    {
        var one = Vector512<float>.One;
        var z = Vector512.Abs(x) * Vector512.Create(MathF.Sqrt(0.5f));
        var t = one / (one + z * Vector512.Create(0.5f));
        var fit = Vector512.Create(0.17087277f);
        fit = fit * t + Vector512.Create(-0.82215223f);
        fit = fit * t + Vector512.Create(1.48851587f);
        fit = fit * t + Vector512.Create(-1.13520398f);
        fit = fit * t + Vector512.Create(0.27886807f);
        fit = fit * t + Vector512.Create(-0.18628806f);
        fit = fit * t + Vector512.Create(0.09678418f);
        fit = fit * t + Vector512.Create(0.37409196f);
        fit = fit * t + Vector512.Create(1.00002368f);
        fit = fit * t + Vector512.Create(-1.26551223f);
        var tail = t * Vector512.Exp(fit - z * z) * Vector512.Create(0.5f);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, one - tail);
    }
}
