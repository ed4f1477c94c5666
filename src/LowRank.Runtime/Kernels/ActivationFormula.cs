using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>The activations in tensor operations, which autograd differentiates.</summary>
internal static class ActivationFormula
{
    /// <summary><c>f(x)</c>.</summary>
    /// <param name="activation">f.</param>
    /// <param name="x">Any shape.</param>
    public static Tensor Apply(Activation activation, Tensor x)
    {
        switch (activation)
        {
            case Activation.Silu:
                return nn.functional.silu(x);
            case Activation.Gelu:
                return nn.functional.gelu(x);
            case Activation.GeluTanh:
                return nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);
            case Activation.Relu:
                return nn.functional.relu(x);
            case Activation.ReluSquared:
                using (var rectified = nn.functional.relu(x))
                    return rectified.mul(rectified);
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation.");
        }
    }
}
