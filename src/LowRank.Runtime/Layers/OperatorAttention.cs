using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Causal attention in a recorded pass by an operator of libtorch. The tape keeps its inputs, its output and the logarithms of the
/// softmax's sums: memory that others keep as well, but for the last.
/// </summary>
internal static class OperatorAttention
{
    /// <summary>The forward pass.</summary>
    /// <param name="attention">The operator.</param>
    /// <param name="queries"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="keys"><c>[batch, sequence, keyValueHeads, headSize]</c>.</param>
    /// <param name="values"><c>[batch, sequence, keyValueHeads, valueSize]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <returns><c>[batch, sequence, heads·valueSize]</c>.</returns>
    public static Tensor Record(IAttentionOperator attention, Tensor queries, Tensor keys, Tensor values, Tape tape)
    {
        var (output, kept) = attention.Forward(queries, keys, values);
        foreach (var tensor in kept)
            tape.Keep(tensor);
        tape.KeepAlias(queries);
        tape.KeepAlias(keys);
        tape.KeepAlias(values);
        tape.Keep(output);
        return output.reshape(output.shape[0], output.shape[1], output.shape[2] * output.shape[3]);
    }

    /// <summary>The backward pass.</summary>
    /// <param name="attention">The operator.</param>
    /// <param name="gradient">Gradient of the output, <c>[batch, sequence, heads·valueSize]</c>.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    /// <returns>Gradients of queries, keys and values. The caller disposes them.</returns>
    public static HeadGradients Backward(IAttentionOperator attention, Tensor gradient, Tape tape)
    {
        using var output = tape.Take();
        using var values = tape.Take();
        using var keys = tape.Take();
        using var queries = tape.Take();
        var kept = new Tensor[attention.KeptCount];
        for (var index = kept.Length - 1; index >= 0; index--)
            kept[index] = tape.Take();
        using var split = gradient.view(output.shape);
        var (queryGradient, keyGradient, valueGradient) = attention.Backward(split, queries, keys, values, output, kept);
        foreach (var tensor in kept)
            tensor.Dispose();
        return new(queryGradient, keyGradient, valueGradient);
    }
}
