using System.Numerics;

namespace LowRank.Training.Data;

/// <summary>
/// A shuffle of the numbers below <see cref="Count"/> that is computed number by number, so that nothing is stored and any place in it
/// can be looked up: a Feistel network over the next power of four, walked until it falls below the count.
/// </summary>
internal readonly struct IndexPermutation
{
    private const int Rounds = 6;

    private readonly ulong key;
    private readonly int halfBits;

    /// <param name="count">How many numbers are shuffled; at least 1.</param>
    /// <param name="seed">Chooses the shuffle, together with <paramref name="epoch"/>.</param>
    /// <param name="epoch">The pass over the data.</param>
    public IndexPermutation(long count, long seed, long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        key = Mix(Mix((ulong)seed) ^ (ulong)epoch);
        var bits = 64 - BitOperations.LeadingZeroCount((ulong)(count - 1));
        halfBits = Math.Max(1, (bits + 1) / 2);
    }

    /// <summary>How many numbers are shuffled.</summary>
    public long Count { get; }

    /// <summary>The number at <paramref name="position"/>; each number below the count stands at exactly one position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is negative or not below the count.</exception>
    public long this[long position]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Count);
            var value = (ulong)position;
            do
            {
                value = Encrypt(value);
            } while (value >= (ulong)Count);

            return (long)value;
        }
    }

    private ulong Encrypt(ulong value)
    {
        var mask = (1UL << halfBits) - 1;
        var left = value >> halfBits;
        var right = value & mask;
        for (var round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ (Mix(right ^ Mix(key + (ulong)round)) & mask));

        return (left << halfBits) | right;
    }

    /// <summary>The output function of SplitMix64, after one step of its state.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
