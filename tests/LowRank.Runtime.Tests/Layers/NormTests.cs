using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Layers;

public sealed class NormTests
{
    [Fact]
    public void Rms_norm_divides_by_the_root_mean_square()
    {
        using var scope = NewDisposeScope();
        using var norm = new RmsNorm(6, 1e-5, new ModelOptions { DataType = ScalarType.Float64 });
        using (no_grad())
            norm.Weight.normal_();
        var x = randn(2, 3, 6, dtype: ScalarType.Float64);
        var expected = x / (x.square().mean([-1], keepdim: true) + 1e-5).sqrt() * norm.Weight;
        Assert.True(allclose(expected, norm.forward(x), 1e-12, 1e-12));
    }

    [Fact]
    public void Norms_hand_over_in_the_compute_type_and_take_the_residual_stream_in_its_own()
    {
        using var scope = NewDisposeScope();
        var options = new ModelOptions { ComputeType = ScalarType.BFloat16 };
        var x = randn(2, 6);
        Assert.Equal(ScalarType.BFloat16, new RmsNorm(6, 1e-5, options).forward(x).dtype);
        Assert.Equal(ScalarType.BFloat16, new LayerNorm(6, 1e-5, bias: true, options).forward(x).dtype);
        var linear = new Linear(6, 4, bias: true, options);
        var y = linear.forward(x.to(ScalarType.BFloat16));
        Assert.Equal(ScalarType.BFloat16, y.dtype);
        y.sum().backward();
        Assert.Equal(ScalarType.Float32, linear.Weight.grad!.dtype);
    }
}
