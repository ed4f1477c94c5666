using LowRank.Layers;
using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Reparameterization;

public sealed class SpectralInitializationTests
{
    [Theory]
    [InlineData(24, 16, 5)]
    [InlineData(16, 24, 5)]
    [InlineData(16, 16, 16)]
    [InlineData(20, 8, 1)]
    public void The_error_is_the_tail_of_the_spectrum(int outputs, int inputs, int rank)
    {
        using var scope = NewDisposeScope();
        var weight = randn(outputs, inputs, dtype: ScalarType.Float64);
        var (u, v) = SpectralInitialization.Factor(weight, rank);
        Assert.Equal([outputs, rank], u.shape);
        Assert.Equal([rank, inputs], v.shape);

        // Eckart–Young: ‖W − UV‖² = Σ of the squared singular values left out.
        var (_, singular, _) = linalg.svd(weight, fullMatrices: false);
        var tail = singular.narrow(0, rank, singular.shape[0] - rank).square().sum().item<double>();
        Assert.Equal(tail, (weight - u.mm(v)).square().sum().item<double>(), 1e-9);

        // The singular values are split evenly: UᵀU = VVᵀ = S_r.
        var expected = diag(singular.narrow(0, 0, rank));
        Assert.True(allclose(u.t().mm(u), expected, 1e-8, 1e-8));
        Assert.True(allclose(v.mm(v.t()), expected, 1e-8, 1e-8));
    }

    [Fact]
    public void A_singular_weight_gives_finite_factors()
    {
        using var scope = NewDisposeScope();
        var (u, v) = SpectralInitialization.Factor(zeros(6, 4), 3);
        Assert.True(isfinite(u).all().item<bool>());
        Assert.True(isfinite(v).all().item<bool>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_rank_out_of_range_is_refused(int rank)
    {
        using var weight = zeros(6, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectralInitialization.Factor(weight, rank));
    }

    [Fact]
    public void The_guide_starts_at_the_factors_product_and_the_draw_at_the_dense_layers()
    {
        using var scope = NewDisposeScope();
        var options = new ModelOptions();
        using var dense = new Linear(16, 24, bias: true, options);
        using var factored = new LowRankLinear(16, 24, 16, bias: true, guide: true, options);
        InitialWeights.Draw(new Holder(dense), 7);
        InitialWeights.Draw(new Holder(factored), 7);
        Assert.True(allclose(factored.Guide!, factored.U.mm(factored.V), 1e-6, 1e-8));
        // At full rank nothing is cut off, so the product is the dense layer's draw.
        Assert.True(allclose(dense.Weight, factored.U.mm(factored.V), 1e-4, 1e-6));
        Assert.Equal(0.02, dense.Weight.std().item<float>(), 0.003);
        Assert.Equal(0, dense.Bias!.abs().max().item<float>());
    }

    private sealed class Holder : Layer
    {
        public Holder(LinearLayer layer)
            : base(nameof(Holder)) => register_module("layer", layer);

        public override Tensor forward(Tensor input) => throw new NotSupportedException();
    }
}
