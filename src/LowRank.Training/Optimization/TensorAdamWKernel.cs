using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>The update of <see cref="AdamWRule"/> with tensor operations over whole buffers: any device, any type.</summary>
internal static class TensorAdamWKernel
{
    public static void Update(IReadOnlyList<AdamWRule.Moments> all, AdamWOptions options, double learningRate, GradientClip clip)
    {
        using var scope = NewDisposeScope();
        foreach (var (buffer, first, second) in all)
        {
            var correction1 = 1 - Math.Pow(options.Beta1, buffer.Updates);
            var correction2 = 1 - Math.Pow(options.Beta2, buffer.Updates);
            var gradients = buffer.Gradients;
            clip.Apply(gradients);
            first.MultiplyInPlace(options.Beta1).AddInPlace(gradients, 1 - options.Beta1);
            second.MultiplyInPlace(options.Beta2).AddProductInPlace(gradients, gradients, 1 - options.Beta2);
            // The gradients' memory is free from here on and saves a temporary of its size.
            var denominator = gradients.copy_(second).DivideInPlace(correction2).sqrt_().AddInPlace(options.Epsilon);
            buffer.Values.MultiplyInPlace(1 - learningRate * options.WeightDecay);
            buffer.Values.AddQuotientInPlace(first, denominator, -learningRate / correction1);
            buffer.Gradients.zero_();
        }
    }
}
