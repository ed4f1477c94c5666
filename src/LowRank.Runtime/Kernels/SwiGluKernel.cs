using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>The gated unit <c>a = SiLU(gate) ⊙ up</c> (Shazeer, 2020), one pass forward and one backward.</summary>
internal static unsafe class SwiGluKernel
{
    public static void Forward<T>(byte* gate, byte* up, byte* product, long count)
        where T : IElement
    {
        Chunks.ForElements(
            count,
            (i, last) =>
            {
                for (; i <= last - Vector512<float>.Count; i += Vector512<float>.Count)
                {
                    var x = T.Load(gate, i);
                    T.Store(product, i, x * ActivationKernel.Sigmoid(x) * T.Load(up, i));
                }

                for (; i < last; i++)
                {
                    var x = T.LoadOne(gate, i);
                    T.StoreOne(product, i, x * Sigmoid(x) * T.LoadOne(up, i));
                }
            }
        );
    }

    /// <summary>
    /// In place: <c>∂gate</c> over gate, <c>∂up</c> over up, and the unit's output, which the backward pass needs once more, over its
    /// gradient.
    /// </summary>
    public static void Backward<T>(byte* gate, byte* up, byte* gradient, long count)
        where T : IElement
    {
        Chunks.ForElements(
            count,
            (i, last) =>
            {
                for (; i <= last - Vector512<float>.Count; i += Vector512<float>.Count)
                {
                    var (x, linear, slope) = (T.Load(gate, i), T.Load(up, i), T.Load(gradient, i));
                    var sigmoid = ActivationKernel.Sigmoid(x);
                    var silu = x * sigmoid;
                    T.Store(gate, i, slope * linear * (sigmoid + silu * (Vector512<float>.One - sigmoid)));
                    T.Store(up, i, slope * silu);
                    T.Store(gradient, i, silu * linear);
                }

                for (; i < last; i++)
                {
                    var (x, linear, slope) = (T.LoadOne(gate, i), T.LoadOne(up, i), T.LoadOne(gradient, i));
                    var sigmoid = Sigmoid(x);
                    var silu = x * sigmoid;
                    T.StoreOne(gate, i, slope * linear * (sigmoid + silu * (1 - sigmoid)));
                    T.StoreOne(up, i, slope * silu);
                    T.StoreOne(gradient, i, silu * linear);
                }
            }
        );
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
