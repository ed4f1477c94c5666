using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Rotary position embedding in place: entry i and entry i + size/2 of a head turn together.</summary>
internal static unsafe class RotaryKernel
{
    /// <summary>Turns the first heads of every token, forward or, with the sign −1, back.</summary>
    public static void Rotate<T>(byte* heads, float* cosine, float* sine, in HeadShape shape, float sign)
        where T : IElement
    {
        var (sequence, width, headSize, turned, half) = (
            shape.Sequence,
            shape.Heads * shape.HeadSize,
            shape.HeadSize,
            shape.Turned,
            shape.RotarySize / 2
        );
        Chunks.For(
            shape.Tokens,
            width,
            (_, first, end) =>
            {
                for (var token = first; token < end; token++)
                {
                    var angle = token % sequence * half;
                    RotateToken<T>(heads + token * width * T.Size, cosine + angle, sine + angle, turned, headSize, half, sign);
                }
            }
        );
    }

    /// <summary>Turns the first heads of one token; cosine and sine are those of its position.</summary>
    public static void RotateToken<T>(byte* heads, float* cosine, float* sine, long turned, long headSize, long half, float sign)
        where T : IElement
    {
        var signs = Vector512.Create(sign);
        for (long head = 0; head < turned; head++)
        {
            var low = heads + head * headSize * T.Size;
            var high = low + half * T.Size;
            long i = 0;
            for (; i <= half - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                var (cos, sin) = (Vector512.Load(cosine + i), Vector512.Load(sine + i) * signs);
                var (a, b) = (T.Load(low, i), T.Load(high, i));
                T.Store(low, i, a * cos - b * sin);
                T.Store(high, i, b * cos + a * sin);
            }

            for (; i < half; i++)
            {
                var (cos, sin) = (cosine[i], sine[i] * sign);
                var (a, b) = (T.LoadOne(low, i), T.LoadOne(high, i));
                T.StoreOne(low, i, a * cos - b * sin);
                T.StoreOne(high, i, b * cos + a * sin);
            }
        }
    }

    /// <summary>What is turned.</summary>
    /// <param name="Tokens">Tokens of all sequences.</param>
    /// <param name="Sequence">Tokens of one sequence.</param>
    /// <param name="Heads">Heads of one token.</param>
    /// <param name="Turned">How many of them turn, the first ones.</param>
    /// <param name="HeadSize">Entries of a head.</param>
    /// <param name="RotarySize">How many of them turn, the first ones.</param>
    public readonly record struct HeadShape(long Tokens, long Sequence, long Heads, long Turned, long HeadSize, long RotarySize);
}
