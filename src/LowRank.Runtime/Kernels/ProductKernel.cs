using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>
/// <c>y = xWᵀ + b</c> for a few rows x: W is read once, whatever their number. Every output is summed in the same order however many
/// rows there are, so that a row's result doesn't depend on the rows beside it.
/// </summary>
internal static unsafe class ProductKernel
{
    private const int Lanes = 16;

    /// <summary>Computes the outputs from first up to end for all rows.</summary>
    /// <param name="weight">W: <c>[outputs, inputs]</c>.</param>
    /// <param name="bias">b: <c>[outputs]</c>, or null.</param>
    /// <param name="inputs">Size of a row of x.</param>
    /// <param name="first">The first output.</param>
    /// <param name="end">The output behind the last.</param>
    /// <param name="x">The rows.</param>
    /// <param name="xStride">Floats from row to row of x.</param>
    /// <param name="y">Where the first output of the first row belongs is <c>y + first</c>.</param>
    /// <param name="yStride">Floats from row to row of y.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="adds">Whether y is added to.</param>
    public static void Run<T>(
        byte* weight,
        float* bias,
        long inputs,
        long first,
        long end,
        float* x,
        long xStride,
        float* y,
        long yStride,
        long rows,
        bool adds
    )
        where T : IElement
    {
        var pitch = inputs * T.Size;
        var output = first;
        if (rows == 1)
        {
            for (; output + 8 <= end; output += 8)
                EightOutputs<T>(weight + output * pitch, pitch, inputs, x, y + output, bias is null ? null : bias + output, adds);
        }
        else
        {
            for (; output + 4 <= end; output += 4)
            {
                var from = weight + output * pitch;
                var offset = bias is null ? null : bias + output;
                long row = 0;
                for (; row + 4 <= rows; row += 4)
                    FourRows<T>(from, pitch, inputs, x + row * xStride, xStride, y + row * yStride + output, yStride, offset, adds);
                for (; row < rows; row++)
                    FourOutputs<T>(from, pitch, inputs, x + row * xStride, y + row * yStride + output, offset, adds);
            }
        }

        for (; output < end; output++)
        {
            for (long row = 0; row < rows; row++)
                OneOutput<T>(
                    weight + output * pitch,
                    inputs,
                    x + row * xStride,
                    y + row * yStride + output,
                    bias is null ? null : bias + output,
                    adds
                );
        }
    }

    private static void EightOutputs<T>(byte* w, long pitch, long inputs, float* x, float* y, float* bias, bool adds)
        where T : IElement
    {
        var w1 = w + pitch;
        var w2 = w + 2 * pitch;
        var w3 = w + 3 * pitch;
        var v = w + 4 * pitch;
        var v1 = v + pitch;
        var v2 = v + 2 * pitch;
        var v3 = v + 3 * pitch;
        Vector512<float> a0 = default,
            a1 = default,
            a2 = default,
            a3 = default,
            b0 = default,
            b1 = default,
            b2 = default,
            b3 = default;
        for (long i = 0; i <= inputs - Lanes; i += Lanes)
        {
            var at = Vector512.Load(x + i);
            a0 = Vector512.FusedMultiplyAdd(T.Load(w, i), at, a0);
            a1 = Vector512.FusedMultiplyAdd(T.Load(w1, i), at, a1);
            a2 = Vector512.FusedMultiplyAdd(T.Load(w2, i), at, a2);
            a3 = Vector512.FusedMultiplyAdd(T.Load(w3, i), at, a3);
            b0 = Vector512.FusedMultiplyAdd(T.Load(v, i), at, b0);
            b1 = Vector512.FusedMultiplyAdd(T.Load(v1, i), at, b1);
            b2 = Vector512.FusedMultiplyAdd(T.Load(v2, i), at, b2);
            b3 = Vector512.FusedMultiplyAdd(T.Load(v3, i), at, b3);
        }

        StoreFour<T>(a0, a1, a2, a3, w, pitch, inputs, x, y, bias, adds);
        StoreFour<T>(b0, b1, b2, b3, v, pitch, inputs, x, y + 4, bias is null ? null : bias + 4, adds);
    }

    private static void FourOutputs<T>(byte* w, long pitch, long inputs, float* x, float* y, float* bias, bool adds)
        where T : IElement
    {
        var w1 = w + pitch;
        var w2 = w + 2 * pitch;
        var w3 = w + 3 * pitch;
        Vector512<float> a0 = default,
            a1 = default,
            a2 = default,
            a3 = default;
        for (long i = 0; i <= inputs - Lanes; i += Lanes)
        {
            var at = Vector512.Load(x + i);
            a0 = Vector512.FusedMultiplyAdd(T.Load(w, i), at, a0);
            a1 = Vector512.FusedMultiplyAdd(T.Load(w1, i), at, a1);
            a2 = Vector512.FusedMultiplyAdd(T.Load(w2, i), at, a2);
            a3 = Vector512.FusedMultiplyAdd(T.Load(w3, i), at, a3);
        }

        StoreFour<T>(a0, a1, a2, a3, w, pitch, inputs, x, y, bias, adds);
    }

    private static void FourRows<T>(
        byte* w,
        long pitch,
        long inputs,
        float* x,
        long xStride,
        float* y,
        long yStride,
        float* bias,
        bool adds
    )
        where T : IElement
    {
        var w1 = w + pitch;
        var w2 = w + 2 * pitch;
        var w3 = w + 3 * pitch;
        var x1 = x + xStride;
        var x2 = x + 2 * xStride;
        var x3 = x + 3 * xStride;
        Vector512<float> a0 = default,
            a1 = default,
            a2 = default,
            a3 = default,
            b0 = default,
            b1 = default,
            b2 = default,
            b3 = default;
        Vector512<float> c0 = default,
            c1 = default,
            c2 = default,
            c3 = default,
            d0 = default,
            d1 = default,
            d2 = default,
            d3 = default;
        for (long i = 0; i <= inputs - Lanes; i += Lanes)
        {
            var (s0, s1, s2, s3) = (T.Load(w, i), T.Load(w1, i), T.Load(w2, i), T.Load(w3, i));
            var at = Vector512.Load(x + i);
            a0 = Vector512.FusedMultiplyAdd(s0, at, a0);
            a1 = Vector512.FusedMultiplyAdd(s1, at, a1);
            a2 = Vector512.FusedMultiplyAdd(s2, at, a2);
            a3 = Vector512.FusedMultiplyAdd(s3, at, a3);
            at = Vector512.Load(x1 + i);
            b0 = Vector512.FusedMultiplyAdd(s0, at, b0);
            b1 = Vector512.FusedMultiplyAdd(s1, at, b1);
            b2 = Vector512.FusedMultiplyAdd(s2, at, b2);
            b3 = Vector512.FusedMultiplyAdd(s3, at, b3);
            at = Vector512.Load(x2 + i);
            c0 = Vector512.FusedMultiplyAdd(s0, at, c0);
            c1 = Vector512.FusedMultiplyAdd(s1, at, c1);
            c2 = Vector512.FusedMultiplyAdd(s2, at, c2);
            c3 = Vector512.FusedMultiplyAdd(s3, at, c3);
            at = Vector512.Load(x3 + i);
            d0 = Vector512.FusedMultiplyAdd(s0, at, d0);
            d1 = Vector512.FusedMultiplyAdd(s1, at, d1);
            d2 = Vector512.FusedMultiplyAdd(s2, at, d2);
            d3 = Vector512.FusedMultiplyAdd(s3, at, d3);
        }

        StoreFour<T>(a0, a1, a2, a3, w, pitch, inputs, x, y, bias, adds);
        StoreFour<T>(b0, b1, b2, b3, w, pitch, inputs, x1, y + yStride, bias, adds);
        StoreFour<T>(c0, c1, c2, c3, w, pitch, inputs, x2, y + 2 * yStride, bias, adds);
        StoreFour<T>(d0, d1, d2, d3, w, pitch, inputs, x3, y + 3 * yStride, bias, adds);
    }

    private static void OneOutput<T>(byte* w, long inputs, float* x, float* y, float* bias, bool adds)
        where T : IElement
    {
        var sums = Vector512<float>.Zero;
        for (long i = 0; i <= inputs - Lanes; i += Lanes)
            sums = Vector512.FusedMultiplyAdd(T.Load(w, i), Vector512.Load(x + i), sums);
        Store<T>(sums, w, inputs, x, y, bias, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFour<T>(
        Vector512<float> a,
        Vector512<float> b,
        Vector512<float> c,
        Vector512<float> d,
        byte* w,
        long pitch,
        long inputs,
        float* x,
        float* y,
        float* bias,
        bool adds
    )
        where T : IElement
    {
        Store<T>(a, w, inputs, x, y, bias, adds);
        Store<T>(b, w + pitch, inputs, x, y + 1, bias is null ? null : bias + 1, adds);
        Store<T>(c, w + 2 * pitch, inputs, x, y + 2, bias is null ? null : bias + 2, adds);
        Store<T>(d, w + 3 * pitch, inputs, x, y + 3, bias is null ? null : bias + 3, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector512<float> sums, byte* w, long inputs, float* x, float* y, float* bias, bool adds)
        where T : IElement
    {
        var sum = Vector512.Sum(sums);
        for (var i = inputs / Lanes * Lanes; i < inputs; i++)
            sum += T.LoadOne(w, i) * x[i];
        if (bias is not null)
            sum += *bias;
        *y = adds ? *y + sum : sum;
    }
}
