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
        using var numbers = arange(300_000, dtype: type);
        using var values = numbers.reshape(Shape);
        using var tensor = ActivationMemory.Empty(Shape, type, CPU);
        tensor.copy_(values);
        Assert.Equal(Shape, tensor.shape);
        Assert.Equal(type, tensor.dtype);
        Assert.True(tensor.is_contiguous());
        Assert.Equal(0, (nint)TensorMemory.Address(tensor) % 64);
        using var equals = tensor.equal(values);
        using var all = equals.all();
        Assert.True(all.item<bool>());
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
            using var sum = part.sum();
            Assert.Equal(1_000, sum.item<float>());
        }
    }

    [Fact]
    public void JoinsWhatIsFreeAndFillsTheSmallestGap()
    {
        var segment = new MemorySegment(1 << 20);
        using (segment)
        {
            var blocks = Enumerable.Range(0, 6).Select(_ => segment.Take(1 << 20)).ToArray();
            segment.GiveBack(blocks[1]);
            segment.GiveBack(blocks[4]);
            segment.GiveBack(blocks[3]);
            Assert.Equal(1 << 20, segment.SmallestGap(1 << 19));
            Assert.Equal(2 << 20, segment.SmallestGap((1 << 20) + 1));
            Assert.Equal(blocks[3], segment.Take(2 << 20));
            Assert.Equal(blocks[1], segment.Take(1 << 19));
            Assert.Equal(blocks[1] + (1 << 19), segment.Take(1 << 19));
            foreach (var block in new[] { blocks[0], blocks[1], blocks[1] + (1 << 19), blocks[2], blocks[3], blocks[5] })
                segment.GiveBack(block);
            Assert.Equal(0, segment.UsedBytes);
            Assert.Equal(segment.Bytes, segment.SmallestGap(segment.Bytes));
        }
    }

    [Fact]
    public void TakesMoreThanASegmentUsuallyHas()
    {
        using var large = ActivationMemory.Empty([200, 1 << 20], ScalarType.Byte, CPU);
        large.fill_(1);
        using var sum = large.sum(ScalarType.Int64);
        Assert.Equal(200 << 20, sum.item<long>());
    }

    [Fact]
    public void FreesWhatTwoStepsHadNoUseFor()
    {
        var used = ActivationMemory.Empty(Shape, ScalarType.Float32, CPU);
        ActivationMemory.EndStep();
        ActivationMemory.EndStep();
        ActivationMemory.EndStep();
        used.fill_(3); // What is in use stays.
        using (var sum = used.sum(ScalarType.Float64))
            Assert.Equal(9e5, sum.item<double>());
        used.Dispose();
        ActivationMemory.EndStep();
        Assert.NotEqual(0, ActivationMemory.ReservedBytes);
        ActivationMemory.EndStep();
        Assert.Equal(0, ActivationMemory.ReservedBytes);
    }

    [Fact]
    public void LeavesSmallTensorsToLibtorch()
    {
        using var small = ActivationMemory.Empty([16, 16], ScalarType.Float32, CPU);
        Assert.Equal(0, ActivationMemory.UsedBytes);
    }

    [Fact]
    public void TakesTensorsBackFromAnyThread()
    {
        Parallel.For(
            0,
            64,
            index =>
            {
                using var tensor = ActivationMemory.Empty(Other, ScalarType.Float32, CPU);
                tensor.fill_(index);
                using var mean = tensor.mean();
                Assert.Equal(index, mean.item<float>(), 1e-3f);
            }
        );
        Assert.Equal(0, ActivationMemory.UsedBytes);
        ActivationMemory.FreeUnused();
        Assert.Equal(0, ActivationMemory.ReservedBytes);
    }
}
