using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Adds bfloat16 to 32-bit floats in one pass.</summary>
internal static unsafe class MixedAdditionKernel
{
    /// <summary><c>sum[i] += addend[i]</c>.</summary>
    public static void Add(float* sum, byte* addend, long count)
    {
        Chunks.ForElements(
            count,
            (i, last) =>
            {
                for (; i <= last - Vector512<float>.Count; i += Vector512<float>.Count)
                    (Vector512.Load(sum + i) + BFloat16Element.Load(addend, i)).Store(sum + i);
                for (; i < last; i++)
                    sum[i] += BFloat16Element.LoadOne(addend, i);
            }
        );
    }
}
