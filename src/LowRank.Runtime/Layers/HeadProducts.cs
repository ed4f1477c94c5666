using LowRank.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Products with those rows of a linear layer's weight that belong to one head, for all heads at once and without gradients. Latent
/// attention takes its queries through the keys' weight, and what they attended to through the values', instead of expanding every token.
/// </summary>
internal static class HeadProducts
{
    /// <summary>Whether a layer is a product, whose weight can be taken apart.</summary>
    public static bool Takes(LinearLayer layer) => layer is Linear or LoraLinear or LowRankLinear { Factors.Activation: null };

    /// <summary><c>yᵀW</c> of each head: from its outputs back into the layer's inputs, without the bias.</summary>
    /// <param name="layer">W: <c>[heads·size, inputs]</c>.</param>
    /// <param name="heads">y: <c>[heads, rows, size]</c>.</param>
    /// <returns><c>[heads, rows, inputs]</c>.</returns>
    public static Tensor IntoInputs(LinearLayer layer, Tensor heads) =>
        Sum(
            layer,
            (weight, scale) =>
            {
                using var byHeads = ByHeads(weight, heads);
                using var product = heads.bmm(byHeads);
                return product.Times(scale);
            },
            (left, right, scale) =>
            {
                using var byHeads = ByHeads(left, heads);
                using var inner = heads.bmm(byHeads);
                using var scaled = inner.Times(scale);
                using var cast = right.to(heads.dtype);
                return scaled.matmul(cast);
            }
        );

    /// <summary><c>Wx + b</c> of each head, each with an x of its own.</summary>
    /// <param name="layer">W: <c>[heads·size, inputs]</c>.</param>
    /// <param name="heads">x: <c>[heads, rows, inputs]</c>.</param>
    /// <returns><c>[heads, rows, size]</c>.</returns>
    public static Tensor ToOutputs(LinearLayer layer, Tensor heads)
    {
        var outputs = Sum(
            layer,
            (weight, scale) =>
            {
                using var byHeads = ByHeads(weight, heads);
                using var transposed = byHeads.transpose(1, 2);
                using var product = heads.bmm(transposed);
                return product.Times(scale);
            },
            (left, right, scale) =>
            {
                using var cast = right.to(heads.dtype);
                using var first = cast.t();
                using var inner = heads.matmul(first);
                using var scaled = inner.Times(scale);
                using var byHeads = ByHeads(left, heads);
                using var transposed = byHeads.transpose(1, 2);
                return scaled.bmm(transposed);
            }
        );
        if (BiasOf(layer) is { } bias)
        {
            using var cast = bias.to(heads.dtype);
            using var byHeads = cast.view(heads.shape[0], 1, -1);
            outputs.AddInPlace(byHeads);
        }

        return outputs;
    }

    // A layer's weight is a full-size one, or two factors, or the sum of the former and an adapter's factors.
    private static Tensor Sum(LinearLayer layer, Func<Tensor, double, Tensor> full, Func<Tensor, Tensor, double, Tensor> factored)
    {
        switch (layer)
        {
            case Linear linear:
                return full(linear.Weight, 1);
            case LowRankLinear { EffectiveWeight: { } effective }:
                return full(effective, 1);
            case LowRankLinear { MergedWeight: { } merged }:
                return full(merged, 1);
            case LowRankLinear { Factors.Activation: null } factors:
                using (var u = factors.FoldedU())
                    return factored(u, factors.V, 1);
            case LoraLinear adapted:
                var sum = full(adapted.Weight, 1);
                foreach (var adapter in adapted.IsMerged ? [] : adapted.Adapters)
                {
                    using var added = factored(adapter.B, adapter.A, adapter.Scale);
                    sum.AddInPlace(added);
                }

                return sum;
            default:
                throw new ArgumentException($"A {layer.GetType().Name} is no product.", nameof(layer));
        }
    }

    private static Parameter? BiasOf(LinearLayer layer) =>
        layer switch
        {
            Linear linear => linear.Bias,
            LowRankLinear factored => factored.Bias,
            LoraLinear adapted => adapted.Bias,
            _ => null,
        };

    // [heads·size, columns] to [heads, size, columns] in the heads' type.
    private static Tensor ByHeads(Tensor weight, Tensor heads)
    {
        using var cast = weight.to(heads.dtype);
        return cast.view(heads.shape[0], weight.shape[0] / heads.shape[0], weight.shape[1]);
    }
}
