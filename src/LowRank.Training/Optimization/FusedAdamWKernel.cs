using System.Runtime.Intrinsics;
using LowRank.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The update of <see cref="AdamWRule"/> on 32-bit floats in the CPU's memory: one pass for the norm and one that reads and writes values,
/// gradients and moments once. Chunks have a fixed size and their sums a fixed order, so the result doesn't depend on the threads.
/// </summary>
internal static unsafe class FusedAdamWKernel
{
    private const long Chunk = 1 << 16;

    /// <summary>Whether the kernel can work on these buffers.</summary>
    public static bool Takes(IEnumerable<FlatBuffer> buffers) =>
        buffers.All(buffer => buffer.Values.device_type == DeviceType.CPU && buffer.Values.dtype == ScalarType.Float32);

    /// <summary>The sum of the squares of all gradients.</summary>
    public static double SumOfSquares(IReadOnlyList<FlatBuffer> buffers)
    {
        var parts = new List<(nint Address, long Count)>();
        foreach (var buffer in buffers)
        {
            var gradients = (float*)TensorMemory.Address(buffer.Gradients);
            for (long start = 0; start < buffer.Length; start += Chunk)
                parts.Add(((nint)(gradients + start), Math.Min(Chunk, buffer.Length - start)));
        }

        var sums = new double[parts.Count];
        Parallel.For(0, parts.Count, index => sums[index] = SumOfSquares((float*)parts[index].Address, parts[index].Count));
        var squares = 0.0;
        foreach (var sum in sums)
            squares += sum;
        return squares;
    }

    /// <summary>Updates values and moments, and clears the gradients.</summary>
    public static void Update(IReadOnlyList<AdamWRule.Moments> all, AdamWOptions options, double learningRate, float clip)
    {
        var parts = new List<Part>();
        foreach (var (buffer, first, second) in all)
        {
            var pointers = new Pointers(
                (float*)TensorMemory.Address(buffer.Values),
                (float*)TensorMemory.Address(buffer.Gradients),
                (float*)TensorMemory.Address(first),
                (float*)TensorMemory.Address(second)
            );
            var constants = new Constants(options, learningRate, buffer.Updates);
            for (long start = 0; start < buffer.Length; start += Chunk)
                parts.Add(new Part(pointers, constants, start, Math.Min(Chunk, buffer.Length - start)));
        }

        Parallel.For(0, parts.Count, index => Update(parts[index], clip));
    }

    // Buffers are padded to whole vectors, and padding stays zero throughout.
    private static double SumOfSquares(float* gradients, long count)
    {
        var sum = Vector512<double>.Zero;
        for (long i = 0; i < count; i += Vector512<float>.Count)
        {
            var (low, high) = Vector512.Widen(Vector512.Load(gradients + i));
            sum += low * low + high * high;
        }

        return Vector512.Sum(sum);
    }

    private static void Update(Part part, float clip)
    {
        var values = part.Pointers.Values + part.Start;
        var gradients = part.Pointers.Gradients + part.Start;
        var firstMoments = part.Pointers.FirstMoments + part.Start;
        var secondMoments = part.Pointers.SecondMoments + part.Start;
        var constants = part.Constants;
        var scale = Vector512.Create(clip);
        var beta1 = Vector512.Create(constants.Beta1);
        var rest1 = Vector512.Create(constants.Rest1);
        var beta2 = Vector512.Create(constants.Beta2);
        var rest2 = Vector512.Create(constants.Rest2);
        var decay = Vector512.Create(constants.Decay);
        var step = Vector512.Create(constants.StepSize);
        var root2 = Vector512.Create(constants.RootCorrection2);
        var epsilon = Vector512.Create(constants.Epsilon);
        for (long i = 0; i < part.Count; i += Vector512<float>.Count)
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

    private readonly struct Pointers(float* values, float* gradients, float* firstMoments, float* secondMoments)
    {
        public float* Values { get; } = values;

        public float* Gradients { get; } = gradients;

        public float* FirstMoments { get; } = firstMoments;

        public float* SecondMoments { get; } = secondMoments;
    }

    private readonly struct Constants(AdamWOptions options, double learningRate, long updates)
    {
        public float Beta1 { get; } = (float)options.Beta1;

        public float Rest1 { get; } = (float)(1 - options.Beta1);

        public float Beta2 { get; } = (float)options.Beta2;

        public float Rest2 { get; } = (float)(1 - options.Beta2);

        public float Decay { get; } = (float)(1 - learningRate * options.WeightDecay);

        public float StepSize { get; } = (float)(learningRate / (1 - Math.Pow(options.Beta1, updates)));

        public float RootCorrection2 { get; } = (float)(1 / Math.Sqrt(1 - Math.Pow(options.Beta2, updates)));

        public float Epsilon { get; } = (float)options.Epsilon;
    }

    private readonly struct Part(Pointers pointers, Constants constants, long start, long count)
    {
        public Pointers Pointers { get; } = pointers;

        public Constants Constants { get; } = constants;

        public long Start { get; } = start;

        public long Count { get; } = count;
    }
}
