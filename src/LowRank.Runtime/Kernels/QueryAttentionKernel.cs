using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Attention of one query of one head over the keys and values of a cache.</summary>
internal static unsafe class QueryAttentionKernel
{
    private const int Lanes = 16;

    /// <summary>Softmax(qKᵀ·scale)·V, of <c>cap·tanh(qKᵀ·scale/cap)</c> where there is a cap.</summary>
    /// <param name="query">q: <c>[keySize]</c>.</param>
    /// <param name="keys">The head's first key in sight.</param>
    /// <param name="values">The head's first value in sight.</param>
    /// <param name="stride">Elements from a token's key to the next one's, and from value to value.</param>
    /// <param name="count">Tokens in sight, at least one.</param>
    /// <param name="keySize">Size of a key.</param>
    /// <param name="valueSize">Size of a value.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="cap">Their soft cap; 0 for none.</param>
    /// <param name="scores">Room for count floats.</param>
    /// <param name="output"><c>[valueSize]</c>.</param>
    public static void Attend<T>(
        float* query,
        byte* keys,
        byte* values,
        long stride,
        long count,
        long keySize,
        long valueSize,
        float scale,
        float cap,
        float* scores,
        float* output
    )
        where T : IElement
    {
        Score<T>(query, keys, stride * T.Size, count, keySize, scale, scores);
        if (cap > 0)
            SoftCapKernel.Cap<Float32Element>((byte*)scores, count, scale: 1, cap);
        var inverse = 1 / Exponentiate(scores, count);
        Sum<T>(values, stride * T.Size, count, valueSize, scores, inverse, output);
    }

    private static void Score<T>(float* query, byte* keys, long pitch, long count, long size, float scale, float* scores)
        where T : IElement
    {
        long token = 0;
        for (; token + 4 <= count; token += 4)
        {
            var k0 = keys + token * pitch;
            var k1 = keys + (token + 1) * pitch;
            var k2 = keys + (token + 2) * pitch;
            var k3 = keys + (token + 3) * pitch;
            Vector512<float> a0 = default,
                a1 = default,
                a2 = default,
                a3 = default;
            for (long i = 0; i <= size - Lanes; i += Lanes)
            {
                var q = Vector512.Load(query + i);
                a0 = Vector512.FusedMultiplyAdd(T.Load(k0, i), q, a0);
                a1 = Vector512.FusedMultiplyAdd(T.Load(k1, i), q, a1);
                a2 = Vector512.FusedMultiplyAdd(T.Load(k2, i), q, a2);
                a3 = Vector512.FusedMultiplyAdd(T.Load(k3, i), q, a3);
            }

            scores[token] = Finish<T>(a0, query, k0, size) * scale;
            scores[token + 1] = Finish<T>(a1, query, k1, size) * scale;
            scores[token + 2] = Finish<T>(a2, query, k2, size) * scale;
            scores[token + 3] = Finish<T>(a3, query, k3, size) * scale;
        }

        for (; token < count; token++)
        {
            var sums = Vector512<float>.Zero;
            for (long i = 0; i <= size - Lanes; i += Lanes)
                sums = Vector512.FusedMultiplyAdd(T.Load(keys + token * pitch, i), Vector512.Load(query + i), sums);
            scores[token] = Finish<T>(sums, query, keys + token * pitch, size) * scale;
        }
    }

    private static float Finish<T>(Vector512<float> sums, float* query, byte* key, long size)
        where T : IElement
    {
        var sum = Vector512.Sum(sums);
        for (var i = size / Lanes * Lanes; i < size; i++)
            sum += T.LoadOne(key, i) * query[i];
        return sum;
    }

    // In place, shifted by the largest score; returns the sum.
    private static float Exponentiate(float* scores, long count)
    {
        var largest = float.NegativeInfinity;
        for (long i = 0; i < count; i++)
            largest = Math.Max(largest, scores[i]);
        var shift = Vector512.Create(largest);
        var sums = Vector512<float>.Zero;
        long token = 0;
        for (; token <= count - Lanes; token += Lanes)
        {
            var weights = Vector512.Exp(Vector512.Load(scores + token) - shift);
            weights.Store(scores + token);
            sums += weights;
        }

        var sum = Vector512.Sum(sums);
        for (; token < count; token++)
            sum += scores[token] = MathF.Exp(scores[token] - largest);
        return sum;
    }

    private static void Sum<T>(byte* values, long pitch, long count, long size, float* weights, float inverse, float* output)
        where T : IElement
    {
        long i = 0;
        for (; i <= size - 4 * Lanes; i += 4 * Lanes)
        {
            Vector512<float> a0 = default,
                a1 = default,
                a2 = default,
                a3 = default;
            for (long token = 0; token < count; token++)
            {
                var value = values + token * pitch;
                var weight = Vector512.Create(weights[token]);
                a0 = Vector512.FusedMultiplyAdd(T.Load(value, i), weight, a0);
                a1 = Vector512.FusedMultiplyAdd(T.Load(value, i + Lanes), weight, a1);
                a2 = Vector512.FusedMultiplyAdd(T.Load(value, i + 2 * Lanes), weight, a2);
                a3 = Vector512.FusedMultiplyAdd(T.Load(value, i + 3 * Lanes), weight, a3);
            }

            var factor = Vector512.Create(inverse);
            (a0 * factor).Store(output + i);
            (a1 * factor).Store(output + i + Lanes);
            (a2 * factor).Store(output + i + 2 * Lanes);
            (a3 * factor).Store(output + i + 3 * Lanes);
        }

        for (; i <= size - Lanes; i += Lanes)
        {
            var sums = Vector512<float>.Zero;
            for (long token = 0; token < count; token++)
                sums = Vector512.FusedMultiplyAdd(T.Load(values + token * pitch, i), Vector512.Create(weights[token]), sums);
            (sums * Vector512.Create(inverse)).Store(output + i);
        }

        for (; i < size; i++)
        {
            var sum = 0f;
            for (long token = 0; token < count; token++)
                sum += T.LoadOne(values + token * pitch, i) * weights[token];
            output[i] = sum * inverse;
        }
    }
}
