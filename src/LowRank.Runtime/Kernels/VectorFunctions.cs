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
