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

    /// <summary>Adds a sublayer's output. Takes the output over: the caller must not use it any more.</summary>
    /// <param name="stream">The stream; it stays as it is.</param>
    /// <param name="output">Of the same shape, in the type of the products.</param>
    /// <returns>The new stream.</returns>
    internal static Tensor Add(Tensor stream, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(output);
        if (output.dtype == stream.dtype)
            return output.AddInPlace(stream);
        using (output)
            return stream.Plus(output);
    }

    /// <summary>The stream's gradient as the sublayers' outputs get it.</summary>
    /// <param name="gradient">Gradient of the stream.</param>
    /// <param name="tape">Knows the type of the products.</param>
    /// <param name="copies">Whether it has to outlast changes of the stream's gradient.</param>
    internal static Tensor Upstream(Tensor gradient, Tape tape, bool copies = false)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        if (gradient.dtype != tape.ProductType)
            return ActivationMemory.Cast(gradient, tape.ProductType);
        return copies ? ActivationMemory.Cast(gradient, gradient.dtype) : gradient.alias();
    }
}
