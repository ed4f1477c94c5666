using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Activations of 32-bit floats in place, with another factor where the unit is gated.</summary>
internal static unsafe class ActivationKernel
{
    private const int Lanes = 16;

    /// <summary><c>x = f(x)</c>, or <c>f(x) ⊙ up</c> where up is not null.</summary>
    public static void Apply(Activation activation, float* x, float* up, long count)
    {
        long i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            var value = Of(activation, Vector512.Load(x + i));
            (up is null ? value : value * Vector512.Load(up + i)).Store(x + i);
        }

        if (i == count)
            return;
        var last = stackalloc float[Lanes];
        for (var lane = 0; lane < count - i; lane++)
            last[lane] = x[i + lane];
        Of(activation, Vector512.Load(last)).Store(last);
        for (var lane = 0; lane < count - i; lane++)
            x[i + lane] = up is null ? last[lane] : last[lane] * up[i + lane];
    }

    private static Vector512<float> Of(Activation activation, Vector512<float> x)
    {
        switch (activation)
        {
            case Activation.Silu:
                return x * Sigmoid(x);
            case Activation.Gelu:
                return x * (Vector512<float>.One + Erf(x * Vector512.Create(MathF.Sqrt(0.5f)))) * Vector512.Create(0.5f);
            case Activation.GeluTanh:
                // (1 + tanh(z))/2 is the logistic function of 2z.
                return x * Sigmoid(Vector512.Create(2 * MathF.Sqrt(2 / MathF.PI)) * (x + Vector512.Create(0.044715f) * x * x * x));
            default:
                var rectified = Vector512.Max(x, Vector512<float>.Zero);
                return activation == Activation.Relu ? rectified : rectified * rectified;
        }
    }

    /// <summary>The logistic function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(-x));

    // Abramowitz and Stegun (1964), 7.1.26: within 1.5e-7 everywhere.
    private static Vector512<float> Erf(Vector512<float> x)
    {
        var size = Vector512.Abs(x);
        var t = Vector512<float>.One / (Vector512<float>.One + Vector512.Create(0.3275911f) * size);
        var series = Vector512.Create(1.061405429f);
        series = series * t + Vector512.Create(-1.453152027f);
        series = series * t + Vector512.Create(1.421413741f);
        series = series * t + Vector512.Create(-0.284496736f);
        series = series * t + Vector512.Create(0.254829592f);
        var magnitude = Vector512<float>.One - series * t * Vector512.Exp(-size * size);
        return Vector512.CopySign(magnitude, x);
    }
}
