using System.Buffers;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Layer normalization in one pass over the rows forward and one backward.</summary>
internal static unsafe class LayerNormKernel
{
    /// <summary>
    /// One row, <c>y = g ⊙ (x − m)·s + b</c>; b may be null, y may be x. Returns <c>m = mean(x)</c> and <c>s = 1/√(var(x) + ε)</c>.
    /// </summary>
    public static (float Mean, float Scale) NormalizeRow<TIn, TOut>(byte* x, float* gain, float* bias, byte* y, long width, double epsilon)
        where TIn : IElement
        where TOut : IElement
    {
        var mean = Sum<TIn>(x, width) / width;
        // The second time from the mean: a variance from squares alone loses all digits far from zero.
        var scale = (float)(1 / Math.Sqrt(SumOfSquares<TIn>(x, width, mean) / width + epsilon));
        var (shift, factor) = (Vector512.Create(mean), Vector512.Create(scale));
        long i = 0;
        for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var result = (TIn.Load(x, i) - shift) * factor * Vector512.Load(gain + i);
            TOut.Store(y, i, bias is null ? result : result + Vector512.Load(bias + i));
        }

        for (; i < width; i++)
            TOut.StoreOne(y, i, (TIn.LoadOne(x, i) - mean) * scale * gain[i] + (bias is null ? 0 : bias[i]));
        return (mean, scale);
    }

    /// <summary>
    /// Adds <c>∂x = s·(h − mean(h) − n·mean(h ⊙ n))</c> with <c>h = g ⊙ ∂y</c> and <c>n = (x − m)·s</c> to a place of the input's type,
    /// <c>∂g = Σ ∂y ⊙ n</c> and <c>∂b = Σ ∂y</c> to the parameters' gradients, where these are not null. Leaves the new sum in bfloat16,
    /// too, where a place for it is given.
    /// </summary>
    public static void Backward<TIn, TOut>(
        byte* x,
        float* gain,
        float* statistics,
        byte* upstream,
        byte* into,
        float* gainGradient,
        float* biasGradient,
        byte* rounded,
        long rows,
        long width
    )
        where TIn : IElement
        where TOut : IElement
    {
        // Rented, as in RmsNormKernel; gain and bias of a chunk stand side by side.
        var length = (int)(Chunks.Count(rows, width) * 2 * width);
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
                    var sum = sums + chunk * 2 * width;
                    for (var row = first; row < end; row++)
                    {
                        var statistic = statistics + 2 * row;
                        var input = x + row * width * TIn.Size;
                        var gradient = upstream + row * width * TOut.Size;
                        var place = into + row * width * TIn.Size;
                        Row<TIn, TOut>(input, gain, statistic[0], statistic[1], gradient, place, sum, width);
                        if (rounded is not null)
                            RowKernel.Convert<TIn, BFloat16Element>(place, rounded + row * width * BFloat16Element.Size, width);
                    }
                }
            );
        }

        for (var start = 0; start < length; start += (int)(2 * width))
        {
            for (var i = 0; i < width; i++)
            {
                if (gainGradient is not null)
                    gainGradient[i] += partial[start + i];
                if (biasGradient is not null)
                    biasGradient[i] += partial[start + width + i];
            }
        }

        ArrayPool<float>.Shared.Return(partial);
    }

    private static void Row<TIn, TOut>(
        byte* input,
        float* gain,
        float mean,
        float scale,
        byte* gradient,
        byte* into,
        float* sum,
        long width
    )
        where TIn : IElement
        where TOut : IElement
    {
        var (shift, factor) = (Vector512.Create(mean), Vector512.Create(scale));
        var (means, products) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var biasSum = sum + width;
        long i = 0;
        for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var (normalized, slope) = ((TIn.Load(input, i) - shift) * factor, TOut.Load(gradient, i));
            var pull = slope * Vector512.Load(gain + i);
            means += pull;
            products += pull * normalized;
            (Vector512.Load(sum + i) + slope * normalized).Store(sum + i);
            (Vector512.Load(biasSum + i) + slope).Store(biasSum + i);
        }

        var (pulls, product) = (Vector512.Sum(means), Vector512.Sum(products));
        for (; i < width; i++)
        {
            var (normalized, slope) = ((TIn.LoadOne(input, i) - mean) * scale, TOut.LoadOne(gradient, i));
            pulls += slope * gain[i];
            product += slope * gain[i] * normalized;
            sum[i] += slope * normalized;
            biasSum[i] += slope;
        }

        var (pullMean, productMean) = (pulls / width, product / width);
        var (pullMeans, productMeans) = (Vector512.Create(pullMean), Vector512.Create(productMean));
        for (i = 0; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var normalized = (TIn.Load(input, i) - shift) * factor;
            var result = factor * (TOut.Load(gradient, i) * Vector512.Load(gain + i) - pullMeans - normalized * productMeans);
            TIn.Store(into, i, TIn.Load(into, i) + result);
        }

        for (; i < width; i++)
        {
            var normalized = (TIn.LoadOne(input, i) - mean) * scale;
            var result = scale * (TOut.LoadOne(gradient, i) * gain[i] - pullMean - normalized * productMean);
            TIn.StoreOne(into, i, TIn.LoadOne(into, i) + result);
        }
    }

    private static float Sum<T>(byte* row, long width)
        where T : IElement
    {
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        long i = 0;
        for (; i <= width - 2 * Vector512<float>.Count; i += 2 * Vector512<float>.Count)
        {
            even += T.Load(row, i);
            odd += T.Load(row, i + Vector512<float>.Count);
        }

        double sum = Vector512.Sum(even + odd);
        for (; i < width; i++)
            sum += T.LoadOne(row, i);
        return (float)sum;
    }

    private static double SumOfSquares<T>(byte* row, long width, float mean)
        where T : IElement
    {
        var shift = Vector512.Create(mean);
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        long i = 0;
        for (; i <= width - 2 * Vector512<float>.Count; i += 2 * Vector512<float>.Count)
        {
            var (first, second) = (T.Load(row, i) - shift, T.Load(row, i + Vector512<float>.Count) - shift);
            even += first * first;
            odd += second * second;
        }

        double sum = Vector512.Sum(even + odd);
        for (; i < width; i++)
        {
            var value = T.LoadOne(row, i) - mean;
            sum += (double)value * value;
        }

        return sum;
    }
}
