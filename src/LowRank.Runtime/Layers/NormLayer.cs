using System.ComponentModel;
using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// A normalization over the last dimension, computed in the parameters' type: <c>[…, width]</c> to the same shape. <c>forward</c> is
/// differentiated by autograd, <see cref="Record(Tensor, Tape)"/> by <see cref="Backward"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class NormLayer : Layer
{
    private protected NormLayer(string name, ScalarType outputType)
        : base(name) => OutputType = outputType;

    /// <summary>How it normalizes.</summary>
    internal abstract NormParameters Norm { get; }

    /// <summary>Type of the output, in which the linear layers behind it compute.</summary>
    internal ScalarType OutputType { get; }

    /// <inheritdoc/>
    public sealed override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (is_grad_enabled())
            return NormFormula.Apply(Norm, input, OutputType);
        var output = FusedOperations.For(input).Normalize(Norm, input, OutputType, out var statistics);
        statistics.Dispose();
        return output;
    }

    /// <summary>The normalization in a recorded pass.</summary>
    /// <param name="x"><c>[…, width]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <returns>The normalized tensor, in the type of the products.</returns>
    internal Tensor Record(Tensor x, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(tape);
        var output = FusedOperations.For(x).Normalize(Norm, x, OutputType, out var statistics);
        tape.KeepAlias(x);
        tape.Keep(statistics);
        return output;
    }

    /// <summary>The same of the residual stream, to which what waits for it is added on the way.</summary>
    /// <param name="stream">The stream, <c>[…, width]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    internal Tensor Record(ResidualStream stream, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tape);
        if (stream.Pending is null)
            return Record(stream.Value, tape);
        var operations = FusedOperations.For(stream.Value);
        var output = operations.AddAndNormalize(Norm, stream.Value, stream.Pending, OutputType, out var sum, out var statistics);
        stream.Settle(sum);
        tape.KeepAlias(sum);
        tape.Keep(statistics);
        return output;
    }

    /// <summary>The backward pass: adds the gradients of the layer's parameters, and that of x to a place.</summary>
    /// <param name="gradient">Gradient of the output.</param>
    /// <param name="tape">What <see cref="Record(Tensor, Tape)"/> has left.</param>
    /// <param name="into">Where the gradient of x is added, of its shape.</param>
    /// <param name="rounded">Where the new value of that place is left in the type of the products, too; or null.</param>
    internal void Backward(Tensor gradient, Tape tape, Tensor into, Tensor? rounded = null)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(into);
        using var statistics = tape.Take();
        using var x = tape.Take();
        using var gainGradient = Norm.Gain.requires_grad ? GradientMemory.Of(Norm.Gain) : null;
        using var biasGradient = Norm.Bias is { requires_grad: true } bias ? GradientMemory.Of(bias) : null;
        FusedOperations.For(x).NormalizeBackward(Norm, x, statistics, gradient, into, gainGradient, biasGradient, rounded);
    }
}
