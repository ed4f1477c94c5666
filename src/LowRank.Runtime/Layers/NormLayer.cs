using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// A normalization over the last dimension, computed in the parameters' type: <c>[…, width]</c> to the same shape. <c>forward</c> is
/// differentiated by autograd, <see cref="Record"/> by <see cref="Backward"/>.
/// </summary>
/// <param name="name">The layer's name in error messages.</param>
/// <param name="outputType">Type of the output, in which the linear layers behind it compute.</param>
public abstract class NormLayer(string name, ScalarType outputType) : Layer(name)
{
    /// <summary>Type of the output.</summary>
    protected ScalarType OutputType { get; } = outputType;

    /// <summary>The normalization in a recorded pass.</summary>
    /// <param name="x"><c>[…, width]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <returns>The normalized tensor, in the type of the products.</returns>
    public virtual Tensor Record(Tensor x, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return AutogradSegment.Record(tape, inputs => forward(inputs[0]), x);
    }

    /// <summary>The backward pass: adds the gradients of the layer's parameters, and that of x to a place.</summary>
    /// <param name="gradient">Gradient of the output.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    /// <param name="into">Where the gradient of x is added, of its shape.</param>
    public virtual void Backward(Tensor gradient, Tape tape, Tensor into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var gradients = AutogradSegment.Backward(tape, gradient, inputs: 1);
        using var inputGradient = gradients[0];
        into.AddInPlace(inputGradient);
    }

    /// <summary>Casts to the output type. Takes the tensor over: the caller must not use it any more.</summary>
    /// <param name="normalized">The normalized tensor.</param>
    protected Tensor Cast(Tensor normalized)
    {
        ArgumentNullException.ThrowIfNull(normalized);
        if (normalized.dtype == OutputType)
            return normalized;
        using (normalized)
            return normalized.to(OutputType);
    }
}
