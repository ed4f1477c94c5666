using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Kernels;

/// <summary>The product of a few rows, held against double precision.</summary>
public sealed unsafe class ProductKernelTests
{
    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(1, 37, 29)]
    [InlineData(1, 5, 3)]
    [InlineData(2, 48, 17)]
    [InlineData(3, 100, 9)]
    [InlineData(4, 16, 4)]
    [InlineData(8, 65, 33)]
    [InlineData(11, 512, 40)]
    public void Products_are_those_of_double_precision(int rows, int inputs, int outputs)
    {
        Check<Float32Element>(rows, inputs, outputs, ScalarType.Float32);
        Check<BFloat16Element>(rows, inputs, outputs, ScalarType.BFloat16);
    }

    [Fact]
    public void A_row_does_not_depend_on_the_rows_beside_it()
    {
        using var scope = NewDisposeScope();
        var (weight, x) = (randn(21, 53), randn(9, 53));
        var together = Run<Float32Element>(weight, x, null, zeros(9, 21), adds: false);
        for (var row = 0; row < 9; row++)
        {
            var alone = Run<Float32Element>(weight, x.narrow(0, row, 1).contiguous(), null, zeros(1, 21), adds: false);
            Assert.Equal(together[row].data<float>().ToArray(), alone.data<float>().ToArray());
        }
    }

    private static void Check<T>(int rows, int inputs, int outputs, ScalarType type)
        where T : IElement
    {
        using var scope = NewDisposeScope();
        var weight = randn(outputs, inputs).to(type);
        var (x, bias, before) = (randn(rows, inputs), randn(outputs), randn(rows, outputs));
        var product = x.to(ScalarType.Float64).mm(weight.to(ScalarType.Float64).t());
        var tolerance = 1e-5 * Math.Sqrt(inputs);
        Assert.True(allclose(product, Run<T>(weight, x, null, zeros(rows, outputs), adds: false).to(ScalarType.Float64), 1e-5, tolerance));
        Assert.True(
            allclose(before + product + bias, Run<T>(weight, x, bias, before.clone(), adds: true).to(ScalarType.Float64), 1e-5, tolerance)
        );
    }

    // In two parts, as two threads would.
    private static Tensor Run<T>(Tensor weight, Tensor x, Tensor? bias, Tensor y, bool adds)
        where T : IElement
    {
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        var half = outputs / 2;
        var offset = bias is null ? null : (float*)TensorMemory.Address(bias);
        foreach (var (first, end) in new[] { (0, half), (half, outputs) })
        {
            ProductKernel.Run<T>(
                TensorMemory.Address(weight),
                offset,
                inputs,
                first,
                end,
                (float*)TensorMemory.Address(x),
                inputs,
                (float*)TensorMemory.Address(y),
                outputs,
                x.shape[0],
                adds
            );
        }

        return y;
    }
}
