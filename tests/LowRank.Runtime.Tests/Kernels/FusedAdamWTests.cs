using LowRank.Dispatch;
using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Kernels;

/// <summary>libtorch's kernel of AdamW, which CUDA falls back to: it updates as tensor operations do.</summary>
public sealed class FusedAdamWTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    public void It_updates_as_tensor_operations_do(double factor)
    {
        using var scope = NewDisposeScope();
        var constants = new AdamWConstants(LearningRate: 0.01, Beta1: 0.9, Beta2: 0.95, Epsilon: 1e-8, WeightDecay: 0.1);
        var clip = tensor(factor, ScalarType.Float64);
        using var generator = new Generator(3);
        // Of different ages: one began later.
        AdamWBuffers[] ours = [Draw(1_000, 2, generator), Draw(37, 7, generator)];
        AdamWBuffers[] exact = [.. ours.Select(buffers => Copied(buffers, ScalarType.Float64))];
        for (var step = 0; step < 3; step++)
        {
            Assert.True(new FusedAdamW().Update(ours, constants, clip));
            new TensorOperations().AdamW(exact, constants, clip);
            for (var index = 0; index < ours.Length; index++)
            {
                AssertNear(exact[index].Values, ours[index].Values);
                AssertNear(exact[index].FirstMoments, ours[index].FirstMoments);
                AssertNear(exact[index].SecondMoments, ours[index].SecondMoments);
                using var rounded = ours[index].Values.to(ScalarType.BFloat16);
                Assert.True(rounded.equal(ours[index].Copy!).all().item<bool>());
                Assert.Equal(0, ours[index].Gradients.abs().max().item<float>());
                using var next = randn(ours[index].Gradients.shape, generator: generator);
                ours[index].Gradients.copy_(next);
                exact[index].Gradients.copy_(next);
                ours[index] = ours[index] with { Updates = ours[index].Updates + 1 };
                exact[index] = exact[index] with { Updates = exact[index].Updates + 1 };
            }
        }
    }

    [Fact]
    public void Without_the_interface_nothing_is_changed()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        AdamWBuffers[] all = [Draw(10, 1, generator)];
        var before = all[0].Values.clone();
        using var clip = tensor(1.0, ScalarType.Float64);
        Assert.False(new FusedAdamW(new TorchInterface(_ => 0)).Update(all, new(0.1, 0.9, 0.95, 1e-8, 0), clip));
        Assert.True(before.equal(all[0].Values).all().item<bool>());
    }

    private static AdamWBuffers Draw(long length, long updates, Generator generator) =>
        new(
            randn(length, generator: generator),
            randn(length, generator: generator),
            randn(length, generator: generator),
            rand(length, generator: generator),
            zeros(length, ScalarType.BFloat16),
            updates
        );

    private static AdamWBuffers Copied(AdamWBuffers buffers, ScalarType type) =>
        new(
            buffers.Values.to(type),
            buffers.Gradients.to(type),
            buffers.FirstMoments.to(type),
            buffers.SecondMoments.to(type),
            null,
            buffers.Updates
        );

    private static void AssertNear(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        Assert.InRange((actual.to(ScalarType.Float64) - expected).abs().max().item<double>(), 0, 2e-6);
    }
}
