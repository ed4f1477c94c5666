using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>Causal attention by one operator of libtorch and its backward pass by another, outside autograd.</summary>
internal interface IAttentionOperator
{
    /// <summary>Softmax(QKᵀ/√headSize)·V with a causal mask.</summary>
    /// <param name="queries"><c>[batch, sequence, heads, headSize]</c>; rows may stand apart.</param>
    /// <param name="keys"><c>[batch, sequence, keyValueHeads, headSize]</c>.</param>
    /// <param name="values">The same shape as the keys.</param>
    /// <returns>The output, of the queries' shape, and what the backward pass needs beside it and the inputs. The caller disposes
    /// them.</returns>
    (Tensor Output, Tensor[] Kept) Forward(Tensor queries, Tensor keys, Tensor values);

    /// <summary>The backward pass.</summary>
    /// <param name="gradient">Gradient of the output.</param>
    /// <param name="queries">As before.</param>
    /// <param name="keys">As before.</param>
    /// <param name="values">As before.</param>
    /// <param name="output">The output.</param>
    /// <param name="kept">What the forward pass has left.</param>
    /// <returns>The gradients, of the inputs' shapes. The caller disposes them.</returns>
    (Tensor Queries, Tensor Keys, Tensor Values) Backward(
        Tensor gradient,
        Tensor queries,
        Tensor keys,
        Tensor values,
        Tensor output,
        Tensor[] kept
    );

    /// <summary>How many tensors the forward pass leaves.</summary>
    int KeptCount { get; }
}
