using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>The non-linearity between the layers of a feed-forward sublayer, in a recorded pass.</summary>
internal static class HiddenActivation
{
    /// <summary>Applies it.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="hidden">Any shape.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    public static Tensor Record(Activation activation, Tensor hidden, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (activation is not (Activation.Relu or Activation.ReluSquared))
            return AutogradSegment.Record(tape, inputs => Apply(activation, inputs[0]), hidden);
        // What is rectified is all that the backward pass needs.
        var rectified = nn.functional.relu(hidden);
        tape.KeepAlias(rectified);
        if (activation == Activation.Relu)
            return rectified;
        using (rectified)
            return rectified.mul(rectified);
    }

    /// <summary>The backward pass.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="gradient">Gradient of the output. Its memory may be used for that of the input: don't use it any more.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    /// <returns>Gradient of the input. The caller disposes it.</returns>
    public static Tensor Backward(Activation activation, Tensor gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        if (activation is not (Activation.Relu or Activation.ReluSquared))
            return AutogradSegment.Backward(tape, gradient, inputs: 1)[0];
        using var rectified = tape.Take();
        if (activation == Activation.ReluSquared)
            gradient.mul_(rectified).MultiplyInPlace(2);
        else
        {
            using var positive = rectified.sign();
            gradient.mul_(positive);
        }

        return gradient.alias();
    }

    /// <summary>Applies it to the gate and multiplies by the other half: <c>f(gate) ⊙ up</c>.</summary>
    /// <param name="activation">f.</param>
    /// <param name="gate">Any shape. Its memory is used up by the backward pass.</param>
    /// <param name="up">The same shape. Its memory is used up by the backward pass.</param>
    /// <param name="tape">Keeps both.</param>
    public static unsafe Tensor RecordGated(Activation activation, Tensor gate, Tensor up, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(up);
        ArgumentNullException.ThrowIfNull(tape);
        if (!IsFused(activation, gate, up))
        {
            using var activated = AutogradSegment.Record(tape, inputs => Apply(activation, inputs[0]), gate);
            tape.KeepAlias(activated);
            tape.KeepAlias(up);
            return activated.mul(up);
        }

        var product = ActivationMemory.EmptyLike(gate);
        var gates = TensorMemory.Address(gate);
        var ups = TensorMemory.Address(up);
        var to = TensorMemory.Address(product);
        if (gate.dtype == ScalarType.Float32)
            SwiGluKernel.Forward<Float32Element>(gates, ups, to, gate.NumberOfElements);
        else
            SwiGluKernel.Forward<BFloat16Element>(gates, ups, to, gate.NumberOfElements);
        tape.KeepAlias(gate);
        tape.KeepAlias(up);
        return product;
    }

    /// <summary>The backward pass of <see cref="RecordGated"/>. Its output is formed once more, so that nobody has to keep it.</summary>
    /// <param name="activation">f.</param>
    /// <param name="gradient">Gradient of the output. Its memory may be used for the output: don't use it any more.</param>
    /// <param name="tape">What <see cref="RecordGated"/> has left.</param>
    /// <returns>The gradients of gate and up, and the output. The caller disposes all three.</returns>
    public static unsafe (Tensor Gate, Tensor Up, Tensor Output) BackwardGated(Activation activation, Tensor gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        var up = tape.Take();
        if (!IsFused(activation, up, gradient))
        {
            using var factor = up;
            using var activated = tape.Take();
            var output = activated.mul(factor);
            using var activatedGradient = gradient.mul(factor);
            var upGradient = gradient.mul(activated);
            return (AutogradSegment.Backward(tape, activatedGradient, inputs: 1)[0], upGradient, output);
        }

        var gate = tape.Take();
        var gates = TensorMemory.Address(gate);
        var ups = TensorMemory.Address(up);
        var gradients = TensorMemory.Address(gradient);
        if (gate.dtype == ScalarType.Float32)
            SwiGluKernel.Backward<Float32Element>(gates, ups, gradients, gate.NumberOfElements);
        else
            SwiGluKernel.Backward<BFloat16Element>(gates, ups, gradients, gate.NumberOfElements);
        return (gate, up, gradient.alias());
    }

    private static bool IsFused(Activation activation, Tensor first, Tensor second) =>
        activation == Activation.Silu && TensorMemory.IsFusable(first) && TensorMemory.IsFusable(second);

    internal static Tensor Apply(Activation activation, Tensor x)
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
