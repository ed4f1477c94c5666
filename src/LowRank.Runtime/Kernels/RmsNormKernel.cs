using System.Buffers;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Root mean square normalization in one pass over the rows forward and one backward.</summary>
internal static unsafe class RmsNormKernel
{
    /// <summary>One row, <c>y = g ⊙ x·s</c>; y may be x. Returns <c>s = 1/√(mean(x²) + ε)</c>.</summary>
    public static float NormalizeRow<TIn, TOut>(byte* x, float* gain, byte* y, long width, double epsilon)
        where TIn : IElement
        where TOut : IElement
    {
        var scale = (float)(1 / Math.Sqrt(SumOfSquares<TIn>(x, width) / width + epsilon));
        var factor = Vector512.Create(scale);
        long i = 0;
        for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
            TOut.Store(y, i, TIn.Load(x, i) * factor * Vector512.Load(gain + i));
        for (; i < width; i++)
            TOut.StoreOne(y, i, TIn.LoadOne(x, i) * scale * gain[i]);
        return scale;
    }

    /// <summary>
    /// Adds <c>∂x = s·(g ⊙ ∂y − x·s²·mean(g ⊙ ∂y ⊙ x))</c> to a place of the input's type, and <c>∂g = Σ ∂y ⊙ x·s</c> to the gain's
    /// gradient, where that is not null.
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="gain">g.</param>
    /// <param name="scales">s of each row.</param>
    /// <param name="upstream">∂y.</param>
    /// <param name="into">Where ∂x is added.</param>
    /// <param name="gainGradient">Where ∂g is added, or null.</param>
    /// <param name="rounded">Where the new sum is left in bfloat16, too, or null.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="width">Elements of a row.</param>
    public static void Backward<TIn, TOut>(
        byte* x,
        float* gain,
        float* scales,
        byte* upstream,
        byte* into,
        float* gainGradient,
        byte* rounded,
        long rows,
        long width
    )
        where TIn : IElement
        where TOut : IElement
    {
        // Rented: arrays of this size would have the collector run, and everybody's finalizers with it, every few steps.
        var length = (int)(Chunks.Count(rows, width) * width);
        var partial = ArrayPool<float>.Shared.Rent(length);
        Array.Clear(partial, 0, length);
        fixed (float* partials = partial)
        {
            var sums = partials;
            Chunks.For(
                rows,
                width,
                (chunk, first, end) =>
                {
                    var sum = sums + chunk * width;
                    for (var row = first; row < end; row++)
                    {
                        var input = x + row * width * TIn.Size;
                        var gradient = upstream + row * width * TOut.Size;
                        var place = into + row * width * TIn.Size;
                        Row<TIn, TOut>(input, gain, scales[row], gradient, place, sum, width);
                        if (rounded is not null)
                            RowKernel.Convert<TIn, BFloat16Element>(place, rounded + row * width * BFloat16Element.Size, width);
                    }
                }
            );
        }

        for (var start = 0; start < length && gainGradient is not null; start += (int)width)
        {
            for (var i = 0; i < width; i++)
                gainGradient[i] += partial[start + i];
        }

        ArrayPool<float>.Shared.Return(partial);
    }

    private static void Row<TIn, TOut>(byte* input, float* gain, float scale, byte* gradient, byte* into, float* sum, long width)
        where TIn : IElement
        where TOut : IElement
    {
        var factor = Vector512.Create(scale);
        var products = Vector512<float>.Zero;
        long i = 0;
        for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var (value, slope) = (TIn.Load(input, i), TOut.Load(gradient, i));
            products += value * slope * Vector512.Load(gain + i);
            (Vector512.Load(sum + i) + value * factor * slope).Store(sum + i);
        }

        var product = Vector512.Sum(products);
        for (; i < width; i++)
        {
            var (value, slope) = (TIn.LoadOne(input, i), TOut.LoadOne(gradient, i));
            product += value * slope * gain[i];
            sum[i] += value * scale * slope;
        }

        var pull = product * scale * scale / width;
        var pulls = Vector512.Create(pull);
        for (i = 0; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var result = factor * (TOut.Load(gradient, i) * Vector512.Load(gain + i) - TIn.Load(input, i) * pulls);
            TIn.Store(into, i, TIn.Load(into, i) + result);
        }

        for (; i < width; i++)
        {
            var result = scale * (TOut.LoadOne(gradient, i) * gain[i] - TIn.LoadOne(input, i) * pull);
            TIn.StoreOne(into, i, TIn.LoadOne(into, i) + result);
        }
    }

    private static double SumOfSquares<T>(byte* row, long width)
        where T : IElement
    {
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        long i = 0;
        for (; i <= width - 2 * Vector512<float>.Count; i += 2 * Vector512<float>.Count)
        {
            var (first, second) = (T.Load(row, i), T.Load(row, i + Vector512<float>.Count));
            even += first * first;
            odd += second * second;
        }

        double sum = Vector512.Sum(even + odd);
        for (; i < width; i++)
        {
            var value = T.LoadOne(row, i);
            sum += value * value;
        }

        return sum;
    }
}
