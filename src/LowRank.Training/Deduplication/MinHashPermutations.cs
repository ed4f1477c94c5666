using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LowRank.Training.Deduplication;

/// <summary>
/// Drawn functions h → ((h·a + b) mod 2^64) mod (2^61 − 1), and their minima over a set of hashes: a sketch of the set. The first modulus
/// is only that of the machine, but signatures that others have written depend on it.
/// </summary>
internal sealed class MinHashPermutations
{
    private const ulong Prime = (1UL << 61) - 1;
    private const int PrimeBits = 61;

    // Two vectors of 512 bits.
    private const int Block = 16;

    private readonly int count;
    private readonly ulong[] multipliers;
    private readonly ulong[] addends;
    private readonly ulong[] minima;
    private readonly ulong mask;

    /// <param name="count">Number of functions.</param>
    /// <param name="seed">Draws them.</param>
    /// <param name="bits">Bits that are kept of each value: 64 or 32.</param>
    public MinHashPermutations(int count, uint seed, int bits)
    {
        this.count = count;
        mask = ulong.MaxValue >> (64 - bits);
        var padded = (count + Block - 1) / Block * Block;
        (multipliers, addends, minima) = (new ulong[padded], new ulong[padded], new ulong[padded]);
        var generator = new MersenneTwister(seed);
        // First all factors, then all summands.
        for (var index = 0; index < count; index++)
            multipliers[index] = generator.Next(1, Prime);
        for (var index = 0; index < count; index++)
            addends[index] = generator.Next(0, Prime);
    }

    /// <summary>The factors a.</summary>
    public ReadOnlySpan<ulong> Multipliers => multipliers.AsSpan(0, count);

    /// <summary>The summands b.</summary>
    public ReadOnlySpan<ulong> Addends => addends.AsSpan(0, count);

    /// <summary>The least value of each function over all hashes; valid until the next call.</summary>
    /// <param name="hashes">One or more; one that occurs twice changes nothing.</param>
    public ReadOnlySpan<ulong> Minima(ReadOnlySpan<ulong> hashes)
    {
        if (Vector512.IsHardwareAccelerated)
            MinimaBy512Bits(hashes);
        else if (Vector256.IsHardwareAccelerated)
            MinimaBy256Bits(hashes);
        else
            MinimaOneByOne(hashes);
        return minima.AsSpan(0, count);
    }

    /// <summary><see cref="Minima"/> in vectors of 512 bits.</summary>
    internal ReadOnlySpan<ulong> MinimaBy512Bits(ReadOnlySpan<ulong> hashes)
    {
        for (var index = 0; index < minima.Length; index += Block)
            Minima512(hashes, ref multipliers[index], ref addends[index], ref minima[index], mask);
        return minima.AsSpan(0, count);
    }

    /// <summary><see cref="Minima"/> in vectors of 256 bits.</summary>
    internal ReadOnlySpan<ulong> MinimaBy256Bits(ReadOnlySpan<ulong> hashes)
    {
        for (var index = 0; index < minima.Length; index += Block / 2)
            Minima256(hashes, ref multipliers[index], ref addends[index], ref minima[index], mask);
        return minima.AsSpan(0, count);
    }

    /// <summary><see cref="Minima"/> without vectors.</summary>
    internal ReadOnlySpan<ulong> MinimaOneByOne(ReadOnlySpan<ulong> hashes)
    {
        for (var index = 0; index < count; index++)
        {
            var (a, b, least) = (multipliers[index], addends[index], ulong.MaxValue);
            foreach (var hash in hashes)
            {
                var value = unchecked(hash * a + b);
                // 2^61 is 1 modulo the prime: what lies above it is added to what lies below.
                value = (value & Prime) + (value >> PrimeBits);
                least = Math.Min(least, Math.Min(value, unchecked(value - Prime)) & mask);
            }

            minima[index] = least;
        }

        return minima.AsSpan(0, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Minima512(ReadOnlySpan<ulong> hashes, ref ulong multiplier, ref ulong addend, ref ulong minimum, ulong kept)
    {
        var prime = Vector512.Create(Prime);
        var mask = Vector512.Create(kept);
        var (a0, a1) = (Vector512.LoadUnsafe(ref multiplier), Vector512.LoadUnsafe(ref multiplier, 8));
        var (b0, b1) = (Vector512.LoadUnsafe(ref addend), Vector512.LoadUnsafe(ref addend, 8));
        var least0 = Vector512<ulong>.AllBitsSet;
        var least1 = Vector512<ulong>.AllBitsSet;
        ref var first = ref MemoryMarshal.GetReference(hashes);
        for (nint index = 0; index < hashes.Length; index++)
        {
            var hash = Vector512.Create(Unsafe.Add(ref first, index));
            var value0 = hash * a0 + b0;
            var value1 = hash * a1 + b1;
            value0 = (value0 & prime) + (value0 >>> PrimeBits);
            value1 = (value1 & prime) + (value1 >>> PrimeBits);
            least0 = Vector512.Min(least0, Vector512.Min(value0, value0 - prime) & mask);
            least1 = Vector512.Min(least1, Vector512.Min(value1, value1 - prime) & mask);
        }

        least0.StoreUnsafe(ref minimum);
        least1.StoreUnsafe(ref minimum, 8);
    }

    // Below AVX-512 there are only signed comparisons. All values are below 2^62, so that these do as well.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Minima256(ReadOnlySpan<ulong> hashes, ref ulong multiplier, ref ulong addend, ref ulong minimum, ulong kept)
    {
        var prime = Vector256.Create((long)Prime);
        var mask = Vector256.Create((long)(kept & long.MaxValue));
        var (a0, a1) = (Vector256.LoadUnsafe(ref multiplier), Vector256.LoadUnsafe(ref multiplier, 4));
        var (b0, b1) = (Vector256.LoadUnsafe(ref addend), Vector256.LoadUnsafe(ref addend, 4));
        var least0 = Vector256.Create(long.MaxValue);
        var least1 = Vector256.Create(long.MaxValue);
        ref var first = ref MemoryMarshal.GetReference(hashes);
        for (nint index = 0; index < hashes.Length; index++)
        {
            var hash = Vector256.Create(Unsafe.Add(ref first, index));
            var value0 = hash * a0 + b0;
            var value1 = hash * a1 + b1;
            var sum0 = (value0.AsInt64() & prime) + (value0 >>> PrimeBits).AsInt64() - prime;
            var sum1 = (value1.AsInt64() & prime) + (value1 >>> PrimeBits).AsInt64() - prime;
            sum0 += Vector256.LessThan(sum0, Vector256<long>.Zero) & prime;
            sum1 += Vector256.LessThan(sum1, Vector256<long>.Zero) & prime;
            least0 = Vector256.Min(least0, sum0 & mask);
            least1 = Vector256.Min(least1, sum1 & mask);
        }

        least0.AsUInt64().StoreUnsafe(ref minimum);
        least1.AsUInt64().StoreUnsafe(ref minimum, 4);
    }
}
