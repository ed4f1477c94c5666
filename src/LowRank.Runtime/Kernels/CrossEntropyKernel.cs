using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Softmax and cross-entropy of rows of logits, with the gradient written over them.</summary>
internal static unsafe class CrossEntropyKernel
{
    /// <summary>
    /// <c>loss = log Σ exp(z) − z[target]</c> of each row, in nats, and, in place, <c>∂z = scale·(softmax(z) − onehot(target))</c>, for
    /// logits with a form times its slope.
    /// </summary>
    /// <param name="logits">The rows.</param>
    /// <param name="targets">A target for each row, from 0 to width − 1, or <see cref="IFusedOperations.IgnoredTarget"/>.</param>
    /// <param name="losses">Where the losses go.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="width">Logits of a row.</param>
    /// <param name="scale">What the gradient is multiplied by; null: no gradient is wanted, and plain logits stay.</param>
    /// <param name="form">What becomes of the rows before they are logits.</param>
    public static void Run<T>(byte* logits, long* targets, double* losses, long rows, long width, double? scale, LogitForm form)
        where T : IElement
    {
        var cap = (float)(form.SoftCap ?? 0);
        Chunks.For(
            rows,
            width,
            (_, first, end) =>
            {
                for (var row = first; row < end; row++)
                {
                    var values = logits + row * width * T.Size;
                    if (targets[row] == IFusedOperations.IgnoredTarget)
                    {
                        losses[row] = 0;
                        if (scale is not null)
                            new Span<byte>(values, checked((int)width * T.Size)).Clear();
                        continue;
                    }

                    if (cap > 0)
                        SoftCapKernel.Cap<T>(values, width, (float)form.Scale, cap);
                    else if (form.Scale != 1)
                        Multiply<T>(values, width, (float)form.Scale);
                    var largest = Largest<T>(values, width);
                    var normalizer = largest + Math.Log(SumOfExponentials<T>(values, width, largest));
                    losses[row] = normalizer - T.LoadOne(values, targets[row]);
                    if (scale is not { } factor)
                        continue;
                    if (cap > 0)
                        WriteCappedGradient<T>(values, width, targets[row], (float)normalizer, (float)(factor * form.Scale), cap);
                    else
                        WriteGradient<T>(values, width, targets[row], (float)normalizer, (float)(factor * form.Scale));
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

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void WriteCappedGradient<T>(byte* values, long width, long target, float normalizer, float scale, float cap)
        where T : IElement
    {
        var (shift, factor) = (Vector512.Create(normalizer), Vector512.Create(scale));
        var (inverse, one) = (Vector512.Create(1 / cap), Vector512<float>.One);
        var logit = T.LoadOne(values, target);
        var ofTarget = (MathF.Exp(logit - normalizer) - 1) * Slope(logit, cap) * scale;
        long i = 0;
        for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var z = T.Load(values, i);
            var share = z * inverse;
            T.Store(values, i, Vector512.Exp(z - shift) * (one - share * share) * factor);
        }

        for (; i < width; i++)
        {
            var z = T.LoadOne(values, i);
            T.StoreOne(values, i, MathF.Exp(z - normalizer) * Slope(z, cap) * scale);
        }

        T.StoreOne(values, target, ofTarget);
    }

    private static float Slope(float logit, float cap) => 1 - logit / cap * (logit / cap);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<T>(byte* values, long width, float scale)
        where T : IElement
    {
        var factor = Vector512.Create(scale);
        long i = 0;
        for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
            T.Store(values, i, T.Load(values, i) * factor);
        for (; i < width; i++)
            T.StoreOne(values, i, T.LoadOne(values, i) * scale);
    }
}
