using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>The effective weight of a layer with a guide, in one pass.</summary>
internal static unsafe class BlendKernel
{
    /// <summary><c>effective = alpha·guide + product</c>, in bfloat16 as well where a copy is asked for.</summary>
    public static void Run(float* effective, float* guide, float alpha, byte* product, byte* copy, long count)
    {
        var factor = Vector512.Create(alpha);
        Chunks.ForElements(
            count,
            (i, last) =>
            {
                for (; i <= last - Vector512<float>.Count; i += Vector512<float>.Count)
                {
                    var value = Vector512.Load(guide + i) * factor + BFloat16Element.Load(product, i);
                    value.Store(effective + i);
                    if (copy is not null)
                        BFloat16Element.Store(copy, i, value);
                }

                for (; i < last; i++)
                {
                    effective[i] = guide[i] * alpha + BFloat16Element.LoadOne(product, i);
                    if (copy is not null)
                        BFloat16Element.StoreOne(copy, i, effective[i]);
                }
            }
        );
    }
}
