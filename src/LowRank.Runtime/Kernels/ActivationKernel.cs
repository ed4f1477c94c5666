using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LowRank.Kernels;

/// <summary>
/// Activations, plain or of a gate (Shazeer, 2020, arXiv:2002.05202), one pass forward and one backward. Each loop over vectors is a
/// method of its own, which no other may inline: where a processor lacks AVX-512, every operation on a vector is a method that the
/// compiler inlines, and it stops after so many in one method; what it doesn't inline is called for every vector.
/// </summary>
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
            (first, end) =>
            {
                var rest = WholeVectors(first, end);
                BackwardVectors<T, TActivation>(x, gradient, first, rest);
                if (rest == end)
                    return;
                var lastX = stackalloc byte[VectorSize];
                var lastGradient = stackalloc byte[VectorSize];
                Fill<T>(lastX, x, rest, end);
                Fill<T>(lastGradient, gradient, rest, end);
                BackwardVectors<T, TActivation>(lastX, lastGradient, 0, Vector512<float>.Count);
                Empty<T>(lastGradient, gradient, rest, end);
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
            (first, end) =>
            {
                var rest = WholeVectors(first, end);
                BackwardGatedVectors<T, TActivation>(gate, up, gradient, first, rest);
                if (rest == end)
                    return;
                var lastGate = stackalloc byte[VectorSize];
                var lastUp = stackalloc byte[VectorSize];
                var lastGradient = stackalloc byte[VectorSize];
                Fill<T>(lastGate, gate, rest, end);
                Fill<T>(lastUp, up, rest, end);
                Fill<T>(lastGradient, gradient, rest, end);
                BackwardGatedVectors<T, TActivation>(lastGate, lastUp, lastGradient, 0, Vector512<float>.Count);
                Empty<T>(lastGate, gate, rest, end);
                Empty<T>(lastUp, up, rest, end);
                Empty<T>(lastGradient, gradient, rest, end);
            }
        );

    private static void Forward<T, TActivation>(byte* x, byte* up, byte* output, long first, long end)
        where T : IElement
        where TActivation : IActivation
    {
        var rest = WholeVectors(first, end);
        ForwardVectors<T, TActivation>(x, up, output, first, rest);
        if (rest == end)
            return;
        var lastX = stackalloc byte[VectorSize];
        var lastUp = stackalloc byte[VectorSize];
        Fill<T>(lastX, x, rest, end);
        if (up is not null)
            Fill<T>(lastUp, up, rest, end);
        ForwardVectors<T, TActivation>(lastX, up is null ? null : lastUp, lastX, 0, Vector512<float>.Count);
        Empty<T>(lastX, output, rest, end);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ForwardVectors<T, TActivation>(byte* x, byte* up, byte* output, long i, long end)
        where T : IElement
        where TActivation : IActivation
    {
        for (; i < end; i += Vector512<float>.Count)
        {
            var value = TActivation.Value(T.Load(x, i));
            T.Store(output, i, up is null ? value : value * T.Load(up, i));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void BackwardVectors<T, TActivation>(byte* x, byte* gradient, long i, long end)
        where T : IElement
        where TActivation : IActivation
    {
        for (; i < end; i += Vector512<float>.Count)
            T.Store(gradient, i, T.Load(gradient, i) * TActivation.Derivative(T.Load(x, i), out _));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void BackwardGatedVectors<T, TActivation>(byte* gate, byte* up, byte* gradient, long i, long end)
        where T : IElement
        where TActivation : IActivation
    {
        for (; i < end; i += Vector512<float>.Count)
        {
            var (x, linear, slope) = (T.Load(gate, i), T.Load(up, i), T.Load(gradient, i));
            var derivative = TActivation.Derivative(x, out var value);
            T.Store(gate, i, slope * linear * derivative);
            T.Store(up, i, slope * value);
            T.Store(gradient, i, value * linear);
        }
    }

    // The largest element is a 32-bit float.
    private static int VectorSize => Vector512<float>.Count * sizeof(float);

    // The end of the vectors that are full.
    private static long WholeVectors(long first, long end) => end - (end - first) % Vector512<float>.Count;

    // The elements that don't fill a vector, with zeros behind them.
    private static void Fill<T>(byte* vector, byte* row, long first, long end)
        where T : IElement
    {
        var bytes = (uint)((end - first) * T.Size);
        Unsafe.InitBlock(vector, 0, (uint)VectorSize);
        Unsafe.CopyBlock(vector, row + first * T.Size, bytes);
    }

    private static void Empty<T>(byte* vector, byte* row, long first, long end)
        where T : IElement => Unsafe.CopyBlock(row + first * T.Size, vector, (uint)((end - first) * T.Size));

    private readonly struct InPlace(byte* x, byte* up, long count) : IActivationKernel
    {
        private readonly byte* x = x;
        private readonly byte* up = up;

        public void Run<T, TActivation>()
            where T : IElement
            where TActivation : IActivation => Forward<T, TActivation>(x, up, x, 0, count);
    }
}
