using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Soft caps of rows of numbers in place: <c>c = cap·tanh(scale·x/cap)</c>.</summary>
internal static unsafe class SoftCapKernel
{
    /// <summary>Caps numbers.</summary>
    /// <param name="values">x; c afterwards.</param>
    /// <param name="count">How many.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="cap">The cap.</param>
    // Loops over vectors are methods of their own, as ActivationKernel says.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Cap<T>(byte* values, long count, float scale, float cap)
        where T : IElement
    {
        var (factor, largest) = (Vector512.Create(scale / cap), Vector512.Create(cap));
        long i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
            T.Store(values, i, VectorFunctions.Tanh(T.Load(values, i) * factor) * largest);
        for (; i < count; i++)
            T.StoreOne(values, i, MathF.Tanh(T.LoadOne(values, i) * (scale / cap)) * cap);
    }

    /// <summary>The slopes of capped numbers, over the scale: <c>1 − (c/cap)²</c>.</summary>
    /// <param name="capped">c.</param>
    /// <param name="slopes">Where they go.</param>
    /// <param name="count">How many.</param>
    /// <param name="cap">The cap.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Slopes(float* capped, float* slopes, long count, float cap)
    {
        var (inverse, one) = (Vector512.Create(1 / cap), Vector512<float>.One);
        long i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var share = Vector512.Load(capped + i) * inverse;
            (one - share * share).Store(slopes + i);
        }

        for (; i < count; i++)
        {
            var share = capped[i] / cap;
            slopes[i] = 1 - share * share;
        }
    }

    /// <summary>Multiplies numbers by others.</summary>
    /// <param name="values">The numbers; the products afterwards.</param>
    /// <param name="factors">The others.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<T>(byte* values, float* factors, long count)
        where T : IElement
    {
        long i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
            T.Store(values, i, T.Load(values, i) * Vector512.Load(factors + i));
        for (; i < count; i++)
            T.StoreOne(values, i, T.LoadOne(values, i) * factors[i]);
    }
}
