using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Reparameterization;

public sealed class TruncatedFactorizationTests
{
    [Theory]
    [InlineData(24, 16, 5, nameof(FactorizationMethod.Gram))]
    [InlineData(24, 16, 5, nameof(FactorizationMethod.SingularValues))]
    [InlineData(16, 40, 7, nameof(FactorizationMethod.Gram))]
    [InlineData(16, 40, 7, nameof(FactorizationMethod.SingularValues))]
    [InlineData(16, 16, 16, nameof(FactorizationMethod.Gram))]
    [InlineData(16, 16, 16, nameof(FactorizationMethod.SingularValues))]
    [InlineData(9, 30, 1, nameof(FactorizationMethod.Gram))]
    public void The_error_is_the_tail_of_the_spectrum_and_the_factors_are_balanced(int outputs, int inputs, int rank, string method)
    {
        using var scope = NewDisposeScope();
        var weight = randn(outputs, inputs, dtype: ScalarType.Float64);
        using var factors = TruncatedFactorization.Of(weight, rank, Enum.Parse<FactorizationMethod>(method));
        Assert.Equal([outputs, rank], factors.U.shape);
        Assert.Equal([rank, inputs], factors.V.shape);

        var (_, singular, _) = linalg.svd(weight, fullMatrices: false);
        var tail = singular.narrow(0, rank, singular.shape[0] - rank).square().sum().item<double>();
        Assert.Equal(tail, factors.SquaredError, 1e-9);
        Assert.Equal(tail, (weight - factors.U.mm(factors.V)).square().sum().item<double>(), 1e-9);
        Assert.Equal(weight.square().sum().item<double>(), factors.SquaredNorm, 1e-9);
        Assert.Equal(Math.Sqrt(factors.SquaredError / factors.SquaredNorm), factors.RelativeError, 1e-12);
        var values = diag(singular.narrow(0, 0, rank));
        Assert.True(allclose(factors.U.t().mm(factors.U), values, 1e-8, 1e-8));
        Assert.True(allclose(factors.V.mm(factors.V.t()), values, 1e-8, 1e-8));
    }

    [Fact]
    public void A_full_decomposition_keeps_singular_values_that_the_gram_matrix_drowns()
    {
        using var scope = NewDisposeScope();
        var (left, _, right) = linalg.svd(randn(12, 8, dtype: ScalarType.Float64), fullMatrices: false);
        var values = pow(tensor(10.0), -arange(0, 8, 1).to(ScalarType.Float64) * 1.5); // 1 to 10^-10.5
        var weight = left.mm(diag(values)).mm(right);
        using var exact = TruncatedFactorization.Of(weight, 7, FactorizationMethod.SingularValues);
        Assert.Equal(1, exact.SquaredError / Math.Pow(10, -21), 1e-3);
    }

    [Fact]
    public void Zeros_are_factored_without_an_error()
    {
        using var zero = zeros(6, 4);
        using var factors = TruncatedFactorization.Of(zero, 3);
        Assert.Equal((0, 0), (factors.SquaredError, factors.RelativeError));
    }

    [Fact]
    public void Factors_have_the_weights_type_and_outlive_the_scopes_within()
    {
        using var scope = NewDisposeScope();
        using var weight = randn(6, 4);
        using var factors = TruncatedFactorization.Of(weight, 2, FactorizationMethod.SingularValues);
        Assert.Equal((ScalarType.Float32, ScalarType.Float32), (factors.U.dtype, factors.V.dtype));
        Assert.True(factors.U.isfinite().all().item<bool>());
    }
}
