using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Softmax and cross-entropy of rows of logits, with the gradient written over them.</summary>
internal static unsafe class CrossEntropyKernel
{
    /// <summary>
    /// <c>loss = log Σ exp(z) − z[target]</c> of each row, in nats, and, in place, <c>∂z = scale·(softmax(z) − onehot(target))</c>.
    /// </summary>
    /// <param name="logits">The rows.</param>
    /// <param name="targets">A target for each row, from 0 to width − 1.</param>
    /// <param name="losses">Where the losses go.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="width">Logits of a row.</param>
    /// <param name="scale">What the gradient is multiplied by; null: no gradient is wanted and the logits stay.</param>
    public static void Run<T>(byte* logits, long* targets, double* losses, long rows, long width, double? scale)
        where T : IElement
    {
        Chunks.For(
            rows,
            width,
            (_, first, end) =>
            {
                for (var row = first; row < end; row++)
                {
                    var values = logits + row * width * T.Size;
                    var largest = Largest<T>(values, width);
                    var normalizer = largest + Math.Log(SumOfExponentials<T>(values, width, largest));
                    losses[row] = normalizer - T.LoadOne(values, targets[row]);
                    if (scale is { } factor)
                        WriteGradient<T>(values, width, targets[row], (float)normalizer, (float)factor);
                }
            }
        );
    }

    // Loops over vectors are methods of their own, as ActivationKernel says.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Largest<T>(byte* values, long width)
        where T : IElement
    {
        var largest = float.NegativeInfinity;
        long i = 0;
        if (width >= Vector512<float>.Count)
        {
            var many = T.Load(values, 0);
            for (i = Vector512<float>.Count; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
                many = Vector512.Max(many, T.Load(values, i));
            for (var lane = 0; lane < Vector512<float>.Count; lane++)
                largest = Math.Max(largest, many[lane]);
        }

        for (; i < width; i++)
            largest = Math.Max(largest, T.LoadOne(values, i));
        return largest;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static double SumOfExponentials<T>(byte* values, long width, float largest)
        where T : IElement
    {
        var shift = Vector512.Create(largest);
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        long i = 0;
        for (; i <= width - 2 * Vector512<float>.Count; i += 2 * Vector512<float>.Count)
        {
            even += Vector512.Exp(T.Load(values, i) - shift);
            odd += Vector512.Exp(T.Load(values, i + Vector512<float>.Count) - shift);
        }

        double sum = Vector512.Sum(even + odd);
        for (; i < width; i++)
            sum += MathF.Exp(T.LoadOne(values, i) - largest);
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void WriteGradient<T>(byte* values, long width, long target, float normalizer, float scale)
        where T : IElement
    {
        var (shift, factor) = (Vector512.Create(normalizer), Vector512.Create(scale));
        var ofTarget = (MathF.Exp(T.LoadOne(values, target) - normalizer) - 1) * scale;
        long i = 0;
        for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
            T.Store(values, i, Vector512.Exp(T.Load(values, i) - shift) * factor);
        for (; i < width; i++)
            T.StoreOne(values, i, MathF.Exp(T.LoadOne(values, i) - normalizer) * scale);
        T.StoreOne(values, target, ofTarget);
    }
}
