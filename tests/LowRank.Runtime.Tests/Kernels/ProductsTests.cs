using System.Runtime.InteropServices;
using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Kernels;

/// <summary>Products of brain floats added up in single precision.</summary>
public sealed class ProductsTests
{
    [Fact]
    public void The_script_compiles_and_calls_the_operator_that_adds_in_single_precision()
    {
        using var scope = NewDisposeScope();
        var some = ones(2, 2, ScalarType.BFloat16);
        // The CPU has no code for it, and says for what.
        var failure = Assert.Throws<ExternalException>(() => AccumulatingProduct.Add(zeros(2, 2), some, some));
        Assert.Contains("'aten::addmm.dtype_out'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_device_has_no_code_for_is_noticed()
    {
        Assert.False(Products.IsRight(AccumulatingProduct.Add, CPU));
        Assert.False(Products.IsRight(Products.AddWide, CPU));
    }

    [Fact]
    public void A_way_that_rounds_on_its_way_is_refused()
    {
        Assert.True(Products.IsRight((sum, left, right) => Add(sum, left, right, ScalarType.Float32), CPU));
        Assert.False(Products.IsRight((sum, left, right) => Add(sum, left, right, ScalarType.BFloat16), CPU));
    }

    [Fact]
    public void On_the_CPU_there_is_none()
    {
        using var scope = NewDisposeScope();
        var some = ones(2, 2, ScalarType.BFloat16);
        var sum = zeros(2, 2);
        Assert.False(Products.AddTransposed(sum, some, some));
        Assert.Equal(0, sum.max().item<float>());
    }

    private static void Add(Tensor sum, Tensor left, Tensor right, ScalarType type)
    {
        using var scope = NewDisposeScope();
        sum.add_(left.to(type).mm(right.to(type)));
    }
}
