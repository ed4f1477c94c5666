using LowRank.Layers;
using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.Training.Weights;

/// <summary>
/// The weight of a factored layer: loaded by truncated factorization, read as the product or, while a guide blends in, as the blend.
/// </summary>
/// <param name="name">The layer's dotted name.</param>
/// <param name="layer">The layer.</param>
internal sealed class FactorsWeight(string name, LowRankLinear layer) : ModelWeight(name, [layer.Outputs, layer.Inputs])
{
    public LowRankLinear Layer { get; } = layer;

    public override Tensor Read()
    {
        using var noGradient = no_grad();
        if (Layer.EffectiveWeight is { } effective)
            return effective.detach();
        using var u = Layer.FoldedU();
        return Product(u, Layer.V);
    }

    /// <summary>U·V, summed in double precision, so that only the last digit is rounded.</summary>
    public static Tensor Product(Tensor u, Tensor v)
    {
        using var noGradient = no_grad();
        using var exactU = u.to(ScalarType.Float64);
        using var exactV = v.to(ScalarType.Float64);
        using var product = exactU.mm(exactV);
        return product.to(u.dtype);
    }

    public override FactoredWeight? Load(Tensor values, FactoringOptions options)
    {
        using var noGradient = no_grad();
        using var onDevice = values.to(Layer.U.device);
        // The factors are rounded once, to the type that they are held in.
        using var full = onDevice.to(Layer.U.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        using var factors = TruncatedFactorization.Of(full, Layer.Rank, options.Method);
        Layer.SetFactors(factors.U, factors.V);
        LoadGuide(full, options);
        return new FactoredWeight(Name, Layer.Rank, factors.RelativeError);
    }

    /// <summary>Takes factors of the layer's own rank over as they are.</summary>
    public void LoadFactors(Tensor u, Tensor v)
    {
        using var noGradient = no_grad();
        Layer.SetFactors(u, v);
        // Where the factors are all there is, their product is the pretrained weight.
        StartGuideAtProduct();
    }

    private void LoadGuide(Tensor full, FactoringOptions options)
    {
        if (Layer.Guide is null)
            return;
        if (options.Guide == GuideStart.Pretrained)
        {
            Layer.Guide.copy_(full);
            return;
        }

        StartGuideAtProduct();
    }

    private void StartGuideAtProduct()
    {
        using var u = Layer.FoldedU();
        using var product = u.mm(Layer.V);
        Layer.Guide?.copy_(product);
    }
}
