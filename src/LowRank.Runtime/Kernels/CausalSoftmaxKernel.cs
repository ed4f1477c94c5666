using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>
/// Softmax over those keys that a query sees, and its backward pass. A query at position p sees the keys from p − window + 1 to p; what it
/// doesn't see gets weight 0. Scores are 32-bit floats in any precision; 32-bit weights may be written over them.
/// </summary>
internal static unsafe class CausalSoftmaxKernel
{
    /// <summary>
    /// Weights <c>softmax(scale·s)</c>, and <c>log Σ exp(scale·s)</c> of each row; with a cap <c>cap·tanh(scale·s/cap)</c> for scale·s.
    /// </summary>
    /// <param name="scores"><c>[heads, queries, keys]</c>; used up.</param>
    /// <param name="weights">Where the weights go, <c>[heads, queries, keys]</c>.</param>
    /// <param name="normalizers">Where the logarithms go, <c>[heads, queries]</c>.</param>
    /// <param name="block">Which queries and keys.</param>
    public static void Forward<T>(float* scores, byte* weights, float* normalizers, in AttentionBlock block)
        where T : IElement
    {
        var b = block;
        Chunks.For(
            b.Heads * b.Queries,
            b.Keys,
            (_, first, end) =>
            {
                for (var row = first; row < end; row++)
                {
                    var values = scores + row * b.Keys;
                    var result = weights + row * b.Keys * T.Size;
                    var (low, high) = b.Seen(row % b.Queries);
                    var (start, stop) = Span(low, high, b.Keys);
                    Clear<T>(result, 0, start);
                    Clear<T>(result, stop, b.Keys);
                    var scale = b.Scale;
                    if (b.Cap > 0)
                    {
                        SoftCapKernel.Cap<Float32Element>((byte*)(values + start), stop - start, b.Scale, b.Cap);
                        scale = 1;
                    }

                    var largest = Largest(values, low, high, start, stop);
                    var sum = Exponentials(values, largest, scale, low, high, start, stop);
                    Multiply<T>(values, result, 1 / sum, start, stop);
                    normalizers[row] = largest * scale + MathF.Log(sum);
                }
            }
        );
    }

    /// <summary>
    /// The weights again, from scores and normalizers, and in place of their gradients those of the scores:
    /// <c>∂s = scale·p·(∂p − Σ p·∂p)</c>, with a cap times <c>1 − (c/cap)²</c> of the capped scores c.
    /// </summary>
    /// <param name="scores"><c>[heads, queries, keys]</c>; used up.</param>
    /// <param name="weights">Where the weights go, <c>[heads, queries, keys]</c>.</param>
    /// <param name="normalizers">What the forward pass returned.</param>
    /// <param name="gradients">∂p, <c>[heads, queries, keys]</c>; ∂s afterwards.</param>
    /// <param name="block">Which queries and keys.</param>
    public static void Backward<T>(float* scores, byte* weights, float* normalizers, byte* gradients, in AttentionBlock block)
        where T : IElement
    {
        var b = block;
        Chunks.For(
            b.Heads * b.Queries,
            2 * b.Keys,
            (_, first, end) =>
            {
                var ofCap = b.Cap > 0 ? ArrayPool<float>.Shared.Rent((int)b.Keys) : [];
                fixed (float* factors = ofCap)
                {
                    for (var row = first; row < end; row++)
                    {
                        var values = scores + row * b.Keys;
                        var result = weights + row * b.Keys * T.Size;
                        var slopes = gradients + row * b.Keys * T.Size;
                        var (low, high) = b.Seen(row % b.Queries);
                        var (start, stop) = Span(low, high, b.Keys);
                        Clear<T>(result, 0, start);
                        Clear<T>(result, stop, b.Keys);
                        Clear<T>(slopes, 0, start);
                        Clear<T>(slopes, stop, b.Keys);
                        var scale = b.Scale;
                        if (b.Cap > 0)
                        {
                            SoftCapKernel.Cap<Float32Element>((byte*)(values + start), stop - start, b.Scale, b.Cap);
                            SoftCapKernel.Slopes(values + start, factors, stop - start, b.Cap);
                            scale = 1;
                        }

                        var mean = Weights<T>(values, slopes, normalizers[row], scale, low, high, start, stop);
                        Differentiate<T>(values, result, slopes, mean, b.Scale, start, stop);
                        if (b.Cap > 0)
                            SoftCapKernel.Multiply<T>(slopes + start * T.Size, factors, stop - start);
                    }
                }

                if (b.Cap > 0)
                    ArrayPool<float>.Shared.Return(ofCap);
            }
        );
    }

    // Whole vectors around what is seen, where the row has room for them.
    private static (long Start, long Stop) Span(long low, long high, long keys) =>
        (
            low / Vector512<float>.Count * Vector512<float>.Count,
            Math.Min(keys, (high + Vector512<float>.Count - 1) / Vector512<float>.Count * Vector512<float>.Count)
        );

    private static float Largest(float* values, long low, long high, long start, long stop)
    {
        var many = Vector512.Create(float.NegativeInfinity);
        var i = start;
        for (; i <= stop - Vector512<float>.Count; i += Vector512<float>.Count)
            many = Vector512.Max(
                many,
                Vector512.ConditionalSelect(IsSeen(i, low, high), Vector512.Load(values + i), Vector512.Create(float.NegativeInfinity))
            );
        var largest = float.NegativeInfinity;
        for (var lane = 0; lane < Vector512<float>.Count; lane++)
            largest = Math.Max(largest, many[lane]);
        for (i = Math.Max(i, low); i < high; i++)
            largest = Math.Max(largest, values[i]);
        return largest;
    }

    private static float Exponentials(float* values, float largest, float scale, long low, long high, long start, long stop)
    {
        var (shift, factor) = (Vector512.Create(largest), Vector512.Create(scale));
        var sums = Vector512<float>.Zero;
        var i = start;
        for (; i <= stop - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var weight = Vector512.Exp((Vector512.Load(values + i) - shift) * factor) & IsSeen(i, low, high);
            sums += weight;
            weight.Store(values + i);
        }

        var sum = Vector512.Sum(sums);
        for (; i < stop; i++)
        {
            var weight = i >= low && i < high ? MathF.Exp((values[i] - largest) * scale) : 0;
            sum += weight;
            values[i] = weight;
        }

        return sum;
    }

    private static void Multiply<T>(float* values, byte* weights, float factor, long start, long stop)
        where T : IElement
    {
        var factors = Vector512.Create(factor);
        var i = start;
        for (; i <= stop - Vector512<float>.Count; i += Vector512<float>.Count)
            T.Store(weights, i, Vector512.Load(values + i) * factors);
        for (; i < stop; i++)
            T.StoreOne(weights, i, values[i] * factor);
    }

    private static float Weights<T>(float* values, byte* slopes, float normalizer, float scale, long low, long high, long start, long stop)
        where T : IElement
    {
        var (shift, factor) = (Vector512.Create(normalizer), Vector512.Create(scale));
        var sums = Vector512<float>.Zero;
        var i = start;
        for (; i <= stop - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            // A score out of sight may be anything, and so may its exponential: it is taken out before it meets a number.
            var weight = Vector512.ConditionalSelect(
                IsSeen(i, low, high),
                Vector512.Exp(Vector512.Load(values + i) * factor - shift),
                Vector512<float>.Zero
            );
            sums += weight * T.Load(slopes, i);
            weight.Store(values + i);
        }

        var sum = Vector512.Sum(sums);
        for (; i < stop; i++)
        {
            var weight = i >= low && i < high ? MathF.Exp(values[i] * scale - normalizer) : 0;
            sum += weight * T.LoadOne(slopes, i);
            values[i] = weight;
        }

        return sum;
    }

    private static void Differentiate<T>(float* values, byte* weights, byte* slopes, float mean, float scale, long start, long stop)
        where T : IElement
    {
        var (means, factor) = (Vector512.Create(mean), Vector512.Create(scale));
        var i = start;
        for (; i <= stop - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var weight = Vector512.Load(values + i);
            T.Store(weights, i, weight);
            T.Store(slopes, i, factor * weight * (T.Load(slopes, i) - means));
        }

        for (; i < stop; i++)
        {
            var weight = values[i];
            T.StoreOne(weights, i, weight);
            T.StoreOne(slopes, i, scale * weight * (T.LoadOne(slopes, i) - mean));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> IsSeen(long first, long low, long high)
    {
        var lanes = Vector512<int>.Indices + Vector512.Create((int)first);
        return (
            Vector512.GreaterThanOrEqual(lanes, Vector512.Create((int)low)) & Vector512.LessThan(lanes, Vector512.Create((int)high))
        ).AsSingle();
    }

    private static void Clear<T>(byte* values, long start, long stop)
        where T : IElement
    {
        if (stop > start)
            NativeMemory.Clear(values + start * T.Size, (nuint)((stop - start) * T.Size));
    }
}
