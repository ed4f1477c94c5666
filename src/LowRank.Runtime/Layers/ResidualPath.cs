using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>The stream that sublayers read from and add to, in the type of the parameters.</summary>
public static class ResidualPath
{
    /// <summary>
    /// The stream with a sublayer's output, differentiable; both stay as they are. <c>stream.add(output)</c> would leave the scalar that
    /// TorchSharp makes for it to a finalizer, which now and then frees it before it is read.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="output">Of a shape that can be added to it.</param>
    /// <returns>The new stream. The caller disposes it.</returns>
    public static Tensor Sum(Tensor stream, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(output);
        return stream.Plus(output);
    }
}
