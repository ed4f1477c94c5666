using System.ComponentModel;
using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// A normalization over the last dimension, computed in the parameters' type: <c>[…, width]</c> to the same shape. <c>forward</c> is
/// differentiated by autograd, <see cref="Record"/> by <see cref="Backward"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class NormLayer : Layer
{
    private protected NormLayer(string name, ScalarType outputType)
        : base(name) => OutputType = outputType;

    /// <summary>Type of the output, in which the linear layers behind it compute.</summary>
    private protected ScalarType OutputType { get; }

    /// <summary>The normalization in a recorded pass.</summary>
    /// <param name="x"><c>[…, width]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <returns>The normalized tensor, in the type of the products.</returns>
    internal virtual Tensor Record(Tensor x, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return AutogradSegment.Record(tape, inputs => forward(inputs[0]), x);
    }

    /// <summary>The backward pass: adds the gradients of the layer's parameters, and that of x to a place.</summary>
    /// <param name="gradient">Gradient of the output.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    /// <param name="into">Where the gradient of x is added, of its shape.</param>
    internal virtual void Backward(Tensor gradient, Tape tape, Tensor into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var gradients = AutogradSegment.Backward(tape, gradient, inputs: 1);
        using var inputGradient = gradients[0];
        into.AddInPlace(inputGradient);
    }

    /// <summary>Casts to the output type. Takes the tensor over: the caller must not use it any more.</summary>
    /// <param name="normalized">The normalized tensor.</param>
    private protected Tensor Cast(Tensor normalized)
    {
        ArgumentNullException.ThrowIfNull(normalized);
        if (normalized.dtype == OutputType)
            return normalized;
        using (normalized)
            return normalized.to(OutputType);
    }
}
