using LowRank.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Kernels;

/// <summary>The blocks are the process's: no other test may end a step meanwhile.</summary>
[CollectionDefinition(nameof(ActivationMemoryTests), DisableParallelization = true)]
[Collection(nameof(ActivationMemoryTests))]
public sealed unsafe class ActivationMemoryTests
{
    private static readonly long[] Shape = [300, 1_000];
    private static readonly long[] Other = [1_000, 310];

    public ActivationMemoryTests() => ActivationMemory.FreeUnused();

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void IsATensorLikeAnyOther(ScalarType type)
    {
        using var values = arange(300_000, dtype: type).reshape(Shape);
        using var tensor = ActivationMemory.Empty(Shape, type, CPU);
        tensor.copy_(values);
        Assert.Equal(Shape, tensor.shape);
        Assert.Equal(type, tensor.dtype);
        Assert.True(tensor.is_contiguous());
        Assert.Equal(0, (nint)TensorMemory.Address(tensor) % 64);
        Assert.True(tensor.equal(values).all().item<bool>());
    }

    [Fact]
    public void HandsABlockOnWhenItsTensorIsGone()
    {
        var first = ActivationMemory.Empty(Shape, ScalarType.Float32, CPU);
        var address = (nint)TensorMemory.Address(first);
        first.Dispose();
        using var second = ActivationMemory.Empty(Shape, ScalarType.Float32, CPU);
        Assert.Equal(address, (nint)TensorMemory.Address(second));
    }

    [Fact]
    public void KeepsABlockWhileAnyTensorSharesIt()
    {
        var first = ActivationMemory.Empty(Shape, ScalarType.Float32, CPU);
        first.fill_(1);
        using (var part = first.narrow(0, 299, 1))
        {
            first.Dispose();
            using var second = ActivationMemory.Empty(Shape, ScalarType.Float32, CPU);
            second.fill_(2);
            Assert.Equal(1_000, part.sum().item<float>());
        }

        var held = ActivationMemory.HeldBytes;
        using var third = ActivationMemory.Empty(Shape, ScalarType.Float32, CPU);
        using var fourth = ActivationMemory.Empty(Shape, ScalarType.Float32, CPU);
        Assert.Equal(held, ActivationMemory.HeldBytes);
    }

    [Fact]
    public void DoesNotGiveASmallTensorALargeBlock()
    {
        var large = ActivationMemory.Empty([600, 1_000], ScalarType.Float32, CPU);
        var address = (nint)TensorMemory.Address(large);
        large.Dispose();
        using var small = ActivationMemory.Empty(Shape, ScalarType.Float32, CPU);
        Assert.NotEqual(address, (nint)TensorMemory.Address(small));
    }

    [Fact]
    public void FreesWhatTwoStepsHadNoUseFor()
    {
        ActivationMemory.Empty(Shape, ScalarType.Float32, CPU).Dispose();
        using var used = ActivationMemory.Empty([4_000, 1_000], ScalarType.Float32, CPU);
        var held = ActivationMemory.HeldBytes;
        ActivationMemory.EndStep();
        Assert.Equal(held, ActivationMemory.HeldBytes);
        ActivationMemory.EndStep();
        Assert.InRange(held - ActivationMemory.HeldBytes, 1_200_000, 1_300_000);
        used.fill_(3); // What is in use stays.
        Assert.Equal(12e6, used.sum(ScalarType.Float64).item<double>());
    }

    [Fact]
    public void LeavesSmallTensorsToLibtorch()
    {
        var held = ActivationMemory.HeldBytes;
        using var small = ActivationMemory.Empty([16, 16], ScalarType.Float32, CPU);
        Assert.Equal(held, ActivationMemory.HeldBytes);
    }

    [Fact]
    public void TakesTensorsBackFromAnyThread()
    {
        var held = ActivationMemory.HeldBytes;
        Parallel.For(0, 64, index =>
        {
            using var tensor = ActivationMemory.Empty(Other, ScalarType.Float32, CPU);
            tensor.fill_(index);
            Assert.Equal(index, tensor.mean().item<float>(), 1e-3f);
        });
        ActivationMemory.FreeUnused();
        Assert.Equal(held, ActivationMemory.HeldBytes);
    }
}
