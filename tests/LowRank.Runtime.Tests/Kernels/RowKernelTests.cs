using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Kernels;

/// <summary>Kernels over one row, held against libtorch's operations.</summary>
public sealed unsafe class RowKernelTests
{
    public static TheoryData<Activation, int> Activations =>
        new MatrixTheoryData<Activation, int>(Enum.GetValues<Activation>(), [1, 16, 37]);

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activations_are_those_of_libtorch(Activation activation, int count)
    {
        using var scope = NewDisposeScope();
        var (x, up) = (linspace(-6, 6, count, ScalarType.Float32), randn(count));
        var expected = activation switch
        {
            Activation.Silu => nn.functional.silu(x),
            Activation.Gelu => nn.functional.gelu(x),
            Activation.GeluTanh => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
            Activation.Relu => nn.functional.relu(x),
            _ => nn.functional.relu(x).square(),
        };
        var (plain, gated) = (x.clone(), x.clone());
        ActivationKernel.Apply(activation, (float*)TensorMemory.Address(plain), null, count);
        ActivationKernel.Apply(activation, (float*)TensorMemory.Address(gated), (float*)TensorMemory.Address(up), count);
        Assert.True(allclose(expected, plain, 1e-5, 2e-6));
        Assert.True(allclose(expected * up, gated, 1e-5, 1e-5));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(45, false)]
    [InlineData(3, true)]
    public void Layer_normalization_is_that_of_libtorch(int width, bool hasBias)
    {
        using var scope = NewDisposeScope();
        // Far from zero: a variance from squares alone would have no digit left.
        var (x, gain, bias) = (randn(width) + 300, randn(width), randn(width));
        var y = empty(width);
        LayerNormKernel.NormalizeRow<Float32Element, Float32Element>(
            TensorMemory.Address(x),
            (float*)TensorMemory.Address(gain),
            hasBias ? (float*)TensorMemory.Address(bias) : null,
            TensorMemory.Address(y),
            width,
            1e-5
        );
        var expected = nn.functional.layer_norm(
            x.to(ScalarType.Float64),
            [width],
            gain.to(ScalarType.Float64),
            hasBias ? bias.to(ScalarType.Float64) : null,
            1e-5
        );
        Assert.True(allclose(expected, y.to(ScalarType.Float64), 1e-4, 1e-4));
    }
}
