using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Adds brain floats to 32-bit floats in one pass.</summary>
internal static unsafe class MixedAdditionKernel
{
    private const long Width = 4096;

    /// <summary><c>sum[i] += addend[i]</c>.</summary>
    public static void Add(float* sum, byte* addend, long count)
    {
        Chunks.For((count + Width - 1) / Width, Width, (_, first, end) =>
        {
            var (i, last) = (first * Width, Math.Min(count, end * Width));
            for (; i <= last - Vector512<float>.Count; i += Vector512<float>.Count)
                (Vector512.Load(sum + i) + Brain16.Load(addend, i)).Store(sum + i);
            for (; i < last; i++)
                sum[i] += Brain16.LoadOne(addend, i);
        });
    }
}
