using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>An operator that counts heads before tokens: <c>[batch, heads, sequence, headSize]</c>. Nothing is copied for it.</summary>
internal abstract class HeadMajorAttention : IAttentionOperator
{
    /// <inheritdoc/>
    public abstract int KeptCount { get; }

    /// <inheritdoc/>
    public (Tensor Output, Tensor[] Kept) Forward(Tensor queries, Tensor keys, Tensor values)
    {
        using var q = queries.transpose(1, 2);
        using var k = keys.transpose(1, 2);
        using var v = values.transpose(1, 2);
        var (attended, kept) = Attend(q, k, v);
        using (attended)
            return (attended.transpose(1, 2), kept);
    }

    /// <inheritdoc/>
    public (Tensor Queries, Tensor Keys, Tensor Values) Backward(
        Tensor gradient,
        Tensor queries,
        Tensor keys,
        Tensor values,
        Tensor output,
        Tensor[] kept
    )
    {
        using var g = gradient.transpose(1, 2);
        using var q = queries.transpose(1, 2);
        using var k = keys.transpose(1, 2);
        using var v = values.transpose(1, 2);
        using var o = output.transpose(1, 2);
        var (queryGradient, keyGradient, valueGradient) = Differentiate(g, q, k, v, o, kept);
        using (queryGradient)
        using (keyGradient)
        using (valueGradient)
            return (queryGradient.transpose(1, 2), keyGradient.transpose(1, 2), valueGradient.transpose(1, 2));
    }

    /// <summary>The forward pass, heads before tokens.</summary>
    protected abstract (Tensor Output, Tensor[] Kept) Attend(Tensor queries, Tensor keys, Tensor values);

    /// <summary>The backward pass, heads before tokens.</summary>
    protected abstract (Tensor Queries, Tensor Keys, Tensor Values) Differentiate(
        Tensor gradient,
        Tensor queries,
        Tensor keys,
        Tensor values,
        Tensor output,
        Tensor[] kept
    );
}
