using System.Numerics;
using LowRank.Training.Deduplication;

namespace LowRank.Training.Tests.Deduplication;

public sealed class MinHashPermutationsTests
{
    private static readonly BigInteger Prime = (BigInteger.One << 61) - 1;

    [Fact]
    public void Factors_and_summands_are_those_of_NumPy()
    {
        var permutations = new MinHashPermutations(112, 1, 64);
        Assert.Equal(
            [775169054918279404UL, 1758426461858698313, 2109959069025162, 965365488286768774, 401325382989534145],
            permutations.Multipliers[..5].ToArray()
        );
        Assert.Equal(223865076026037746UL, permutations.Multipliers[^1]);
        // All factors are drawn before the first summand.
        Assert.Equal(
            [1062448801025099917UL, 1324811268927594100, 1217488311597731462, 100775521383383736],
            permutations.Addends[..4].ToArray()
        );
        Assert.Equal(1097409548522419201UL, permutations.Addends[^1]);
    }

    [Theory]
    [InlineData(112, 64)]
    [InlineData(112, 32)]
    [InlineData(5, 64)]
    [InlineData(33, 32)]
    public void Minima_are_those_of_the_formula(int count, int bits)
    {
        var permutations = new MinHashPermutations(count, 3, bits);
        var random = new Random(count + bits);
        ulong[] hashes =
        [
            0,
            1,
            ulong.MaxValue,
            (1UL << 61) - 1,
            1UL << 61,
            .. Enumerable.Range(0, 40).Select(_ => (ulong)random.NextInt64() * 2),
        ];
        for (var length = 1; length <= hashes.Length; length++)
        {
            var some = hashes[^length..];
            var expected = Expected(permutations, some, bits);
            Assert.Equal(expected, permutations.Minima(some));
            Assert.Equal(expected, permutations.MinimaOneByOne(some));
            Assert.Equal(expected, permutations.MinimaBy256Bits(some));
            Assert.Equal(expected, permutations.MinimaBy512Bits(some));
        }
    }

    // Sums and products that are multiples of the prime, or one beside it, wherever the functions allow it.
    [Fact]
    public void Values_at_the_edges_of_the_modulus_are_right()
    {
        var permutations = new MinHashPermutations(16, 1, 64);
        var hashes = new List<ulong>();
        for (var index = 0; index < 16; index++)
        {
            foreach (
                var value in new[]
                {
                    0UL,
                    (1UL << 61) - 2,
                    (1UL << 61) - 1,
                    1UL << 61,
                    (1UL << 62) - 2,
                    7 * ((1UL << 61) - 1),
                    ulong.MaxValue,
                }
            )
            {
                if (permutations.Multipliers[index] % 2 == 1)
                    hashes.Add(unchecked((value - permutations.Addends[index]) * Inverse(permutations.Multipliers[index])));
            }
        }

        Assert.NotEmpty(hashes);
        foreach (var hash in hashes)
        {
            var expected = Expected(permutations, [hash], 64);
            Assert.Equal(expected, permutations.MinimaOneByOne([hash]));
            Assert.Equal(expected, permutations.MinimaBy256Bits([hash]));
            Assert.Equal(expected, permutations.MinimaBy512Bits([hash]));
        }
    }

    private static ulong[] Expected(MinHashPermutations permutations, ulong[] hashes, int bits)
    {
        var minima = new ulong[permutations.Multipliers.Length];
        for (var index = 0; index < minima.Length; index++)
        {
            var (a, b) = (new BigInteger(permutations.Multipliers[index]), new BigInteger(permutations.Addends[index]));
            minima[index] = hashes.Min(hash => (ulong)((hash * a + b) % (BigInteger.One << 64) % Prime % (BigInteger.One << bits)));
        }

        return minima;
    }

    // Modulo 2^64, by Newton's iteration.
    private static ulong Inverse(ulong odd)
    {
        var inverse = odd;
        for (var step = 0; step < 6; step++)
            inverse = unchecked(inverse * (2 - odd * inverse));
        return inverse;
    }
}
