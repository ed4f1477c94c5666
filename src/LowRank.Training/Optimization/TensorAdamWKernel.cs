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
            first.mul_(options.Beta1).add_(gradients, alpha: 1 - options.Beta1);
            second.mul_(options.Beta2).addcmul_(gradients, gradients, 1 - options.Beta2);
            // The gradients' memory is free from here on and saves a temporary of its size.
            var denominator = gradients.copy_(second).div_(correction2).sqrt_().add_(options.Epsilon);
            buffer.Values.mul_(1 - learningRate * options.WeightDecay);
            buffer.Values.addcdiv_(first, denominator, -learningRate / correction1);
            buffer.Gradients.zero_();
        }
    }
}
