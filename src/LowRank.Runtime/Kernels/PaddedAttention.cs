using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>Values of another size than the keys for an operator that wants one size: the shorter of them end in zeros.</summary>
/// <param name="inner">The operator.</param>
internal sealed class PaddedAttention(IAttentionOperator inner) : IAttentionOperator
{
    /// <inheritdoc/>
    public int KeptCount => inner.KeptCount + 1;

    /// <inheritdoc/>
    public (Tensor Output, Tensor[] Kept) Forward(Tensor queries, Tensor keys, Tensor values)
    {
        var size = Math.Max(keys.shape[3], values.shape[3]);
        using var q = Padded(queries, size, ScaleOf(keys.shape[3], size));
        using var k = Padded(keys, size, factor: 1);
        using var v = Padded(values, size, factor: 1);
        var (output, kept) = inner.Forward(q, k, v);
        // The operator's own output is kept beside the part of it that is the attention's.
        return (output.narrow(3, 0, values.shape[3]), [output, .. kept]);
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
        var (keySize, valueSize) = (keys.shape[3], values.shape[3]);
        var size = Math.Max(keySize, valueSize);
        var factor = ScaleOf(keySize, size);
        using var g = Padded(gradient, size, factor: 1);
        using var q = Padded(queries, size, factor);
        using var k = Padded(keys, size, factor: 1);
        using var v = Padded(values, size, factor: 1);
        var (queryGradient, keyGradient, valueGradient) = inner.Backward(g, q, k, v, kept[0], kept[1..]);
        using (queryGradient)
        using (keyGradient)
        using (valueGradient)
        {
            using var unscaled = queryGradient.narrow(3, 0, keySize);
            return (unscaled.Times(factor), keyGradient.narrow(3, 0, keySize), valueGradient.narrow(3, 0, valueSize));
        }
    }

    // The operator divides scores by √size, the attention by √keySize.
    private static double ScaleOf(long keySize, long size) => Math.Sqrt((double)size / keySize);

    private static Tensor Padded(Tensor heads, long size, double factor)
    {
        var padded = zeros([.. heads.shape[..3], size], heads.dtype, heads.device);
        using var place = padded.narrow(3, 0, heads.shape[3]);
        place.copy_(heads);
        if (factor > 1)
            place.MultiplyInPlace(factor);
        return padded;
    }
}
