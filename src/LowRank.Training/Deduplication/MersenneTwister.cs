using System.Numerics;

namespace LowRank.Training.Deduplication;

/// <summary>
/// The generator MT19937 of Matsumoto and Nishimura, drawing as NumPy's <c>RandomState</c> does, so that permutations are those of other
/// programs with the same seed.
/// </summary>
internal sealed class MersenneTwister
{
    private const int Length = 624;
    private const int Offset = 397;

    private readonly uint[] state = new uint[Length];
    private int next = Length;

    /// <param name="seed">As given to <c>RandomState(seed)</c>.</param>
    public MersenneTwister(uint seed)
    {
        state[0] = seed;
        for (var index = 1; index < Length; index++)
            state[index] = 1_812_433_253 * (state[index - 1] ^ (state[index - 1] >> 30)) + (uint)index;
    }

    /// <summary>The next 32 bits.</summary>
    public uint Next32()
    {
        if (next == Length)
            Twist();
        var value = state[next++];
        value ^= value >> 11;
        value ^= (value << 7) & 0x9D2C5680;
        value ^= (value << 15) & 0xEFC60000;
        return value ^ (value >> 18);
    }

    /// <summary>
    /// A number from <paramref name="low"/> to below <paramref name="high"/>, as <c>randint(low, high, dtype=uint64)</c> draws it: 64 bits,
    /// cut to the range's, again and again until they lie in it. For ranges beyond 32 bits; NumPy draws smaller ones otherwise.
    /// </summary>
    public ulong Next(ulong low, ulong high)
    {
        var range = high - 1 - low;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(range, uint.MaxValue, nameof(high));
        var mask = ulong.MaxValue >> BitOperations.LeadingZeroCount(range);
        while (true)
        {
            var upper = (ulong)Next32() << 32;
            var value = (upper | Next32()) & mask;
            if (value <= range)
                return low + value;
        }
    }

    private void Twist()
    {
        for (var index = 0; index < Length; index++)
        {
            var mixed = (state[index] & 0x80000000) | (state[(index + 1) % Length] & 0x7FFFFFFF);
            state[index] = state[(index + Offset) % Length] ^ (mixed >> 1) ^ ((mixed & 1) == 0 ? 0 : 0x9908B0DF);
        }

        next = 0;
    }
}
