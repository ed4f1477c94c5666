using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>A part of a model that is differentiated by hand and changes the residual stream.</summary>
public interface IRecordable
{
    /// <summary>The forward pass.</summary>
    /// <param name="x">The stream, <c>[batch, sequence, width]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <returns>The new stream.</returns>
    Tensor Record(Tensor x, Tape tape);

    /// <summary>The way back: adds the gradients of the parameters.</summary>
    /// <param name="gradient">Gradient of the new stream; becomes, in place, that of the stream before.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    void Backward(Tensor gradient, Tape tape);
}
