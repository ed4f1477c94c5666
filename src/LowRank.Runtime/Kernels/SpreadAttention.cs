using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>Grouped heads for an operator that wants as many key heads as query heads: keys and values are repeated.</summary>
/// <param name="inner">The operator.</param>
internal sealed class SpreadAttention(IAttentionOperator inner) : IAttentionOperator
{
    /// <inheritdoc/>
    public int KeptCount => inner.KeptCount;

    /// <inheritdoc/>
    public (Tensor Output, Tensor[] Kept) Forward(Tensor queries, Tensor keys, Tensor values)
    {
        using var k = Spread(keys, queries.shape[2]);
        using var v = Spread(values, queries.shape[2]);
        return inner.Forward(queries, k, v);
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
        // Repeated once more: kept, they would lie in memory until now.
        using var k = Spread(keys, queries.shape[2]);
        using var v = Spread(values, queries.shape[2]);
        var (queryGradient, keyGradient, valueGradient) = inner.Backward(gradient, queries, k, v, output, kept);
        using (keyGradient)
        using (valueGradient)
            return (queryGradient, Gather(keyGradient, keys.shape[2]), Gather(valueGradient, keys.shape[2]));
    }

    private static Tensor Spread(Tensor tensor, long heads)
    {
        var shape = tensor.shape;
        using var grouped = tensor.unsqueeze(3);
        using var repeated = grouped.expand(shape[0], shape[1], shape[2], heads / shape[2], shape[3]);
        return repeated.reshape(shape[0], shape[1], heads, shape[3]);
    }

    private static Tensor Gather(Tensor gradient, long heads)
    {
        var shape = gradient.shape;
        using var grouped = gradient.reshape(shape[0], shape[1], heads, shape[2] / heads, shape[3]);
        return grouped.sum(3);
    }
}
