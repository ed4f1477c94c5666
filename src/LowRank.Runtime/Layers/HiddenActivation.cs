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
        var output = FusedOperations.For(hidden).Activate(activation, hidden);
        // What is rectified tells as much, and is kept anyway by the layer behind.
        tape.KeepAlias(activation == Activation.Relu ? output : hidden);
        return output;
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
        using var x = tape.Take();
        return FusedOperations.For(x).ActivateBackward(activation, x, gradient);
    }
}
