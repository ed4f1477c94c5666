using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>A non-linearity over vectors. Inlined: a call for every vector costs what a fused pass saves.</summary>
internal interface IActivation
{
    /// <summary><c>f(x)</c>.</summary>
    static abstract Vector512<float> Value(Vector512<float> x);

    /// <summary><c>f′(x)</c>, and <c>f(x)</c> with it.</summary>
    static abstract Vector512<float> Derivative(Vector512<float> x, out Vector512<float> value);
}

/// <summary><c>x·σ(x)</c>.</summary>
internal readonly struct SiluActivation : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * VectorFunctions.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Derivative(Vector512<float> x, out Vector512<float> value)
    {
        var sigmoid = VectorFunctions.Sigmoid(x);
        value = x * sigmoid;
        return sigmoid + value * (Vector512<float>.One - sigmoid);
    }
}

/// <summary><c>x·Φ(x)</c> with Φ the normal distribution: <c>f′ = Φ(x) + x·φ(x)</c>.</summary>
internal readonly struct GeluActivation : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * VectorFunctions.NormalDistribution(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Derivative(Vector512<float> x, out Vector512<float> value)
    {
        var distribution = VectorFunctions.NormalDistribution(x);
        value = x * distribution;
        var density = Vector512.Exp(x * x * Vector512.Create(-0.5f)) * Vector512.Create(1 / MathF.Sqrt(2 * MathF.PI));
        return distribution + x * density;
    }
}

/// <summary>
/// <c>x·(1 + tanh(z))/2 = x·σ(2z)</c> with <c>z = √(2/π)·(x + 0.044715·x³)</c> (Hendrycks and Gimpel, 2016, arXiv:1606.08415).
/// </summary>
internal readonly struct GeluTanhActivation : IActivation
{
    private const float Cubic = 0.044715f;

    private static Vector512<float> TwoZ(Vector512<float> x) =>
        Vector512.Create(2 * MathF.Sqrt(2 / MathF.PI)) * (x + Vector512.Create(Cubic) * x * x * x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * VectorFunctions.Sigmoid(TwoZ(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Derivative(Vector512<float> x, out Vector512<float> value)
    {
        var sigmoid = VectorFunctions.Sigmoid(TwoZ(x));
        value = x * sigmoid;
        var slope = Vector512.Create(2 * MathF.Sqrt(2 / MathF.PI)) * (Vector512<float>.One + Vector512.Create(3 * Cubic) * x * x);
        return sigmoid + value * (Vector512<float>.One - sigmoid) * slope;
    }
}

/// <summary><c>max(x, 0)</c>.</summary>
internal readonly struct ReluActivation : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => Vector512.Max(x, Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Derivative(Vector512<float> x, out Vector512<float> value)
    {
        value = Value(x);
        return Vector512.GreaterThan(x, Vector512<float>.Zero) & Vector512<float>.One;
    }
}

/// <summary><c>max(x, 0)²</c>.</summary>
internal readonly struct ReluSquaredActivation : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x)
    {
        var rectified = ReluActivation.Value(x);
        return rectified * rectified;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Derivative(Vector512<float> x, out Vector512<float> value)
    {
        var rectified = ReluActivation.Value(x);
        value = rectified * rectified;
        return rectified + rectified;
    }
}
