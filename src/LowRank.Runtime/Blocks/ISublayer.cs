using LowRank.Decoding;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>A part of a block: it reads the residual stream, and its output is added to it. Differentiated by hand.</summary>
internal interface ISublayer
{
    /// <summary>The norm of what <see cref="Record"/> returns, before that is added to the stream; the block applies it. Or null.</summary>
    NormLayer? PostNorm => null;

    /// <summary>The forward pass of training.</summary>
    /// <param name="stream">The stream, <c>[batch, sequence, width]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <returns>What is normalized, where there is a norm, and added to the stream: of its shape, in the type of the products.</returns>
    Tensor Record(ResidualStream stream, Tape tape);

    /// <summary>The backward pass: adds the gradients of the parameters where they are kept.</summary>
    /// <param name="upstream">Gradient of the output.</param>
    /// <param name="gradient">Gradient of the stream, to which the sublayer's is added, last of all.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    void Backward(Tensor upstream, StreamGradient gradient, Tape tape);

    /// <summary>States how one token is read.</summary>
    /// <param name="plan">Takes the sublayer up.</param>
    void PlanDecoding(DecodingPlan plan);
}
