using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>Activations, plain or of a gate (Shazeer, 2020, arXiv:2002.05202), one pass forward and one backward.</summary>
internal static unsafe class ActivationKernel
{
    /// <summary><c>x = f(x)</c>, or <c>f(x) ⊙ up</c> where up is not null: 32-bit floats in place, on the calling thread.</summary>
    public static void Apply(Activation activation, float* x, float* up, long count) =>
        ElementTypes.Run(new InPlace((byte*)x, (byte*)up, count), TorchSharp.torch.ScalarType.Float32, activation);

    /// <summary><c>output = f(x)</c>, or <c>f(x) ⊙ up</c> where up is not null.</summary>
    public static void Forward<T, TActivation>(byte* x, byte* up, byte* output, long count)
        where T : IElement
        where TActivation : IActivation => Chunks.ForElements(count, (first, end) => Forward<T, TActivation>(x, up, output, first, end));

    /// <summary>In place: <c>gradient = f′(x) ⊙ gradient</c>.</summary>
    public static void Backward<T, TActivation>(byte* x, byte* gradient, long count)
        where T : IElement
        where TActivation : IActivation =>
        Chunks.ForElements(
            count,
            (i, last) =>
            {
                for (; i <= last - Vector512<float>.Count; i += Vector512<float>.Count)
                    T.Store(gradient, i, T.Load(gradient, i) * TActivation.Derivative(T.Load(x, i), out _));
                if (i == last)
                    return;
                var result = LoadLast<T>(gradient, i, last) * TActivation.Derivative(LoadLast<T>(x, i, last), out _);
                StoreLast<T>(gradient, i, last, result);
            }
        );

    /// <summary>
    /// In place: <c>∂gate</c> over gate, <c>∂up</c> over up, and the gated output, which the backward pass needs once more, over its
    /// gradient.
    /// </summary>
    public static void BackwardGated<T, TActivation>(byte* gate, byte* up, byte* gradient, long count)
        where T : IElement
        where TActivation : IActivation =>
        Chunks.ForElements(
            count,
            (i, last) =>
            {
                for (; i <= last - Vector512<float>.Count; i += Vector512<float>.Count)
                {
                    var (x, linear, slope) = (T.Load(gate, i), T.Load(up, i), T.Load(gradient, i));
                    var derivative = TActivation.Derivative(x, out var value);
                    T.Store(gate, i, slope * linear * derivative);
                    T.Store(up, i, slope * value);
                    T.Store(gradient, i, value * linear);
                }

                if (i == last)
                    return;
                var (lastX, lastLinear, lastSlope) = (LoadLast<T>(gate, i, last), LoadLast<T>(up, i, last), LoadLast<T>(gradient, i, last));
                var lastDerivative = TActivation.Derivative(lastX, out var lastValue);
                StoreLast<T>(gate, i, last, lastSlope * lastLinear * lastDerivative);
                StoreLast<T>(up, i, last, lastSlope * lastValue);
                StoreLast<T>(gradient, i, last, lastValue * lastLinear);
            }
        );

    private static void Forward<T, TActivation>(byte* x, byte* up, byte* output, long i, long last)
        where T : IElement
        where TActivation : IActivation
    {
        for (; i <= last - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var value = TActivation.Value(T.Load(x, i));
            T.Store(output, i, up is null ? value : value * T.Load(up, i));
        }

        if (i == last)
            return;
        var rest = TActivation.Value(LoadLast<T>(x, i, last));
        StoreLast<T>(output, i, last, up is null ? rest : rest * LoadLast<T>(up, i, last));
    }

    // The elements that don't fill a vector, with zeros behind them.
    private static Vector512<float> LoadLast<T>(byte* row, long first, long end)
        where T : IElement
    {
        var lanes = stackalloc float[Vector512<float>.Count];
        for (var lane = 0; lane < end - first; lane++)
            lanes[lane] = T.LoadOne(row, first + lane);
        return Vector512.Load(lanes);
    }

    private static void StoreLast<T>(byte* row, long first, long end, Vector512<float> value)
        where T : IElement
    {
        for (var lane = 0; lane < end - first; lane++)
            T.StoreOne(row, first + lane, value[lane]);
    }

    private readonly struct InPlace(byte* x, byte* up, long count) : IActivationKernel
    {
        private readonly byte* x = x;
        private readonly byte* up = up;

        public void Run<T, TActivation>()
            where T : IElement
            where TActivation : IActivation => Forward<T, TActivation>(x, up, x, 0, count);
    }
}
