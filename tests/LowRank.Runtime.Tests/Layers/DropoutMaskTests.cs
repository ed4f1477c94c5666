using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Layers;

/// <summary>The mask that other devices than the CPU hash.</summary>
public sealed class DropoutMaskTests
{
    private static readonly long[] Shape = [512, 768];

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void It_drops_what_it_should_and_keeps_the_mean(double dropout)
    {
        using var scope = NewDisposeScope();
        for (var seed = 0L; seed < 20; seed++)
        {
            var mask = Mask(dropout, seed);
            Assert.True(mask.eq(0).logical_or(mask.eq(1 / (1 - dropout))).all().item<bool>());
            var deviation =
                (mask.ne(0).to(ScalarType.Float64).mean().item<double>() - (1 - dropout))
                / Math.Sqrt(dropout * (1 - dropout) / mask.NumberOfElements);
            Assert.True(Math.Abs(deviation) < 5, $"seed {seed}: {deviation} standard deviations");
        }
    }

    [Fact]
    public void Neighbors_rows_and_seeds_have_nothing_to_do_with_each_other()
    {
        using var scope = NewDisposeScope();
        for (var seed = 0L; seed < 20; seed++)
        {
            var mask = Mask(0.3, seed);
            foreach (var (row, column) in new[] { (0, 1), (0, 2), (1, 0), (2, 0), (1, 1), (8, 0), (0, 64) })
                Unrelated(
                    mask[TensorIndex.Slice(0, 512 - row), TensorIndex.Slice(0, 768 - column)],
                    mask[TensorIndex.Slice(row), TensorIndex.Slice(column)]
                );
            Unrelated(mask, Mask(0.3, seed + 1));
            Unrelated(mask, Mask(0.3, seed ^ (1L << 62)));
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_mask_in_every_type()
    {
        using var scope = NewDisposeScope();
        var mask = Mask(0.2, long.MaxValue);
        Assert.True(mask.eq(Mask(0.2, long.MaxValue)).all().item<bool>());
        using var brain = DropoutMask.Hashed(Shape, ScalarType.BFloat16, CPU, 0.2, [long.MaxValue]);
        Assert.Equal(ScalarType.BFloat16, brain.dtype);
        Assert.True(mask.ne(0).eq(brain.ne(0)).all().item<bool>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sequences_are_drawn_each_by_itself(bool hashed)
    {
        using var scope = NewDisposeScope();
        long[] seeds = [3, 1, 4];
        var all = Draw(3, seeds);
        for (var sequence = 0; sequence < seeds.Length; sequence++)
        {
            var alone = Draw(1, [seeds[sequence]]);
            Assert.True(allclose(all.narrow(0, 8 * sequence, 8), alone, 0, 0));
            Assert.False(allclose(all.narrow(0, 8 * ((sequence + 1) % 3), 8), alone, 0, 0));
        }

        Assert.Throws<ArgumentException>(() => DropoutMask.KeptShare([8, 16], ScalarType.Float32, CPU, 0.5, seeds));

        Tensor Draw(int sequences, long[] by) =>
            hashed
                ? DropoutMask.Hashed([8 * sequences, 16], ScalarType.Float32, CPU, 0.5, by)
                : DropoutMask.KeptShare([8 * sequences, 16], ScalarType.Float32, CPU, 0.5, by);
    }

    private static Tensor Mask(double dropout, long seed) => DropoutMask.Hashed(Shape, ScalarType.Float64, CPU, dropout, [seed]);

    private static void Unrelated(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (one - one.mean(), other - other.mean());
        var correlation = (x * y).mean().item<double>() / Math.Sqrt(x.square().mean().item<double>() * y.square().mean().item<double>());
        Assert.True(Math.Abs(correlation) * Math.Sqrt(x.NumberOfElements) < 5, $"correlation {correlation}");
    }
}
