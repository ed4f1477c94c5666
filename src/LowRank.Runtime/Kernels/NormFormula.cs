using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>A norm in tensor operations, which autograd differentiates.</summary>
internal static class NormFormula
{
    /// <summary>Normalizes over the last dimension, in the gain's type.</summary>
    /// <param name="norm">How.</param>
    /// <param name="input"><c>[…, width]</c>.</param>
    /// <param name="outputType">Type of the output.</param>
    public static Tensor Apply(in NormParameters norm, Tensor input, ScalarType outputType)
    {
        using var x = input.dtype == norm.Gain.dtype ? input.alias() : input.to(norm.Gain.dtype);
        var output = norm.IsCentered
            ? nn.functional.layer_norm(x, [norm.Width], norm.Gain, norm.Bias, norm.Epsilon)
            : RootMeanSquare(norm, x);
        if (output.dtype == outputType)
            return output;
        using (output)
            return output.to(outputType);
    }

    private static Tensor RootMeanSquare(in NormParameters norm, Tensor x)
    {
        using var squares = x.mul(x);
        using var mean = squares.mean([-1], keepdim: true);
        using var shifted = mean.Plus(norm.Epsilon);
        using var scale = shifted.rsqrt();
        using var normalized = x.mul(scale);
        return normalized.mul(norm.Gain);
    }
}
