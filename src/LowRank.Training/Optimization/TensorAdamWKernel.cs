using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>The update of <see cref="AdamW"/> with tensor operations over whole buffers: any device, any type.</summary>
internal static class TensorAdamWKernel
{
    public static double Step(IReadOnlyList<FlatBuffer> buffers, AdamWOptions options, double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var squares = 0.0;
        foreach (var buffer in buffers)
            squares += buffer.Gradients.square().sum(ScalarType.Float64).item<double>();
        var norm = Math.Sqrt(squares);
        var clip = Math.Min(1, options.ClipNorm / (norm + 1e-6));

        foreach (var buffer in buffers)
        {
            var correction1 = 1 - Math.Pow(options.Beta1, buffer.Updates);
            var correction2 = 1 - Math.Pow(options.Beta2, buffer.Updates);
            var gradients = buffer.Gradients.mul_(clip);
            buffer.FirstMoments.mul_(options.Beta1).add_(gradients, alpha: 1 - options.Beta1);
            buffer.SecondMoments.mul_(options.Beta2).addcmul_(gradients, gradients, 1 - options.Beta2);
            var denominator = buffer.SecondMoments.div(correction2).sqrt_().add_(options.Epsilon);
            buffer.Values.mul_(1 - learningRate * options.WeightDecay);
            buffer.Values.addcdiv_(buffer.FirstMoments, denominator, -learningRate / correction1);
            buffer.Gradients.zero_();
        }

        return norm;
    }
}
