using LowRank.Training.Deduplication;

namespace LowRank.Training.Tests.Deduplication;

public sealed class MersenneTwisterTests
{
    // What NumPy's documentation and countless tutorials print for np.random.seed(1); np.random.rand(5).
    private static readonly double[] FirstOfSeed1 = [4.17022005e-01, 7.20324493e-01, 1.14374817e-04, 3.02332573e-01, 1.46755891e-01];

    [Fact]
    public void Draws_what_NumPy_draws()
    {
        var generator = new MersenneTwister(1);
        foreach (var expected in FirstOfSeed1)
        {
            var upper = generator.Next32() >> 5;
            var lower = generator.Next32() >> 6;
            Assert.Equal(expected, (upper * 67108864.0 + lower) / 9007199254740992.0, 9);
        }
    }

    [Fact]
    public void Has_the_ten_thousandth_number_of_the_standard()
    {
        // ISO C++, [rand.predef]: mt19937 with its default seed.
        var generator = new MersenneTwister(5489);
        for (var draw = 1; draw < 10_000; draw++)
            generator.Next32();
        Assert.Equal(4123659995, generator.Next32());
    }

    [Fact]
    public void A_range_of_64_bits_is_reached_and_never_left()
    {
        var generator = new MersenneTwister(7);
        const ulong Low = 5;
        const ulong High = Low + (1UL << 33) + 1;
        var (least, most) = (ulong.MaxValue, 0UL);
        for (var draw = 0; draw < 10_000; draw++)
        {
            var value = generator.Next(Low, High);
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        Assert.InRange(least, Low, Low + (1UL << 23));
        Assert.InRange(most, High - (1UL << 23), High - 1);
    }
}
