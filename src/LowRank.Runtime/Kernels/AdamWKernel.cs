using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// AdamW on 32-bit floats in the CPU's memory: one pass for the norm and one that reads and writes values, gradients and moments once.
/// Chunks have a fixed size and their sums a fixed order, so the result doesn't depend on the threads.
/// </summary>
internal static unsafe class AdamWKernel
{
    private const long Chunk = 1 << 16;

    /// <summary>The sum of the squares of all elements.</summary>
    public static double SumOfSquares(IReadOnlyList<Tensor> tensors)
    {
        var parts = new List<(nint Address, long Count)>();
        foreach (var tensor in tensors)
        {
            var elements = (float*)TensorMemory.Address(tensor);
            var length = tensor.NumberOfElements;
            for (long start = 0; start < length; start += Chunk)
                parts.Add(((nint)(elements + start), Math.Min(Chunk, length - start)));
        }

        var sums = new double[parts.Count];
        Parallel.For(0, parts.Count, index => sums[index] = SumOfSquares((float*)parts[index].Address, parts[index].Count));
        var squares = 0.0;
        foreach (var sum in sums)
            squares += sum;
        return squares;
    }

    /// <summary>Updates values and moments, and clears the gradients.</summary>
    /// <param name="all">Dense buffers of 32-bit floats.</param>
    /// <param name="constants">The constants.</param>
    /// <param name="clip">What the gradients are multiplied by first.</param>
    public static void Update(IReadOnlyList<AdamWBuffers> all, in AdamWConstants constants, float clip)
    {
        var parts = new List<Part>();
        foreach (var buffers in all)
        {
            var pointers = new Pointers(buffers);
            var factors = new Factors(constants, buffers.Updates, clip);
            var length = buffers.Values.NumberOfElements;
            for (long start = 0; start < length; start += Chunk)
                parts.Add(new Part(pointers, factors, start, Math.Min(Chunk, length - start)));
        }

        Parallel.For(0, parts.Count, index => parts[index].Update());
    }

    private static double SumOfSquares(float* elements, long count)
    {
        var sum = Vector512<double>.Zero;
        long i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var (low, high) = Vector512.Widen(Vector512.Load(elements + i));
            sum += low * low + high * high;
        }

        var rest = 0.0;
        for (; i < count; i++)
            rest += (double)elements[i] * elements[i];
        return Vector512.Sum(sum) + rest;
    }

    private readonly struct Pointers(in AdamWBuffers buffers)
    {
        public readonly float* Values = (float*)TensorMemory.Address(buffers.Values);
        public readonly float* Gradients = (float*)TensorMemory.Address(buffers.Gradients);
        public readonly float* FirstMoments = (float*)TensorMemory.Address(buffers.FirstMoments);
        public readonly float* SecondMoments = (float*)TensorMemory.Address(buffers.SecondMoments);
        public readonly byte* Copy = buffers.Copy is null ? null : TensorMemory.Address(buffers.Copy);
    }

    private readonly struct Factors(in AdamWConstants constants, long updates, float clip)
    {
        public readonly float Clip = clip;
        public readonly float Beta1 = (float)constants.Beta1;
        public readonly float Rest1 = (float)(1 - constants.Beta1);
        public readonly float Beta2 = (float)constants.Beta2;
        public readonly float Rest2 = (float)(1 - constants.Beta2);
        public readonly float Decay = (float)(1 - constants.LearningRate * constants.WeightDecay);
        public readonly float StepSize = (float)(constants.LearningRate / (1 - Math.Pow(constants.Beta1, updates)));
        public readonly float RootCorrection2 = (float)(1 / Math.Sqrt(1 - Math.Pow(constants.Beta2, updates)));
        public readonly float Epsilon = (float)constants.Epsilon;
    }

    private readonly struct Part(Pointers pointers, Factors factors, long start, long count)
    {
        public void Update()
        {
            var values = pointers.Values + start;
            var gradients = pointers.Gradients + start;
            var firstMoments = pointers.FirstMoments + start;
            var secondMoments = pointers.SecondMoments + start;
            var whole = count - count % Vector512<float>.Count;
            UpdateVectors(values, gradients, firstMoments, secondMoments, whole, factors);
            for (var i = whole; i < count; i++)
            {
                var gradient = gradients[i] * factors.Clip;
                var first = firstMoments[i] * factors.Beta1 + gradient * factors.Rest1;
                var second = secondMoments[i] * factors.Beta2 + gradient * gradient * factors.Rest2;
                var value =
                    values[i] * factors.Decay - factors.StepSize * first / (MathF.Sqrt(second) * factors.RootCorrection2 + factors.Epsilon);
                (firstMoments[i], secondMoments[i], values[i], gradients[i]) = (first, second, value, 0);
            }

            // The values still lie in the core's cache.
            if (pointers.Copy is not null)
                Round(values, pointers.Copy + start * BFloat16Element.Size, count);
        }
    }

    // Loops over vectors are methods of their own, as ActivationKernel says.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void UpdateVectors(
        float* values,
        float* gradients,
        float* firstMoments,
        float* secondMoments,
        long count,
        in Factors factors
    )
    {
        var scale = Vector512.Create(factors.Clip);
        var (beta1, rest1) = (Vector512.Create(factors.Beta1), Vector512.Create(factors.Rest1));
        var (beta2, rest2) = (Vector512.Create(factors.Beta2), Vector512.Create(factors.Rest2));
        var (decay, step) = (Vector512.Create(factors.Decay), Vector512.Create(factors.StepSize));
        var (root2, epsilon) = (Vector512.Create(factors.RootCorrection2), Vector512.Create(factors.Epsilon));
        for (long i = 0; i < count; i += Vector512<float>.Count)
        {
            var gradient = Vector512.Load(gradients + i) * scale;
            var first = Vector512.Load(firstMoments + i) * beta1 + gradient * rest1;
            var second = Vector512.Load(secondMoments + i) * beta2 + gradient * gradient * rest2;
            var value = Vector512.Load(values + i) * decay - step * first / (Vector512.Sqrt(second) * root2 + epsilon);
            first.Store(firstMoments + i);
            second.Store(secondMoments + i);
            value.Store(values + i);
            Vector512<float>.Zero.Store(gradients + i);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Round(float* values, byte* copy, long count)
    {
        long i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
            BFloat16Element.Store(copy, i, Vector512.Load(values + i));
        for (; i < count; i++)
            BFloat16Element.StoreOne(copy, i, values[i]);
    }
}
