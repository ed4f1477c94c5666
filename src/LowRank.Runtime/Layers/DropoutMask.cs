using LowRank.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>What a dropout keeps: a function of its seed alone, whatever else was drawn before.</summary>
internal static class DropoutMask
{
    // 2³¹ − 1: products of two residues fit in 63 bits.
    private const long Prime = int.MaxValue;

    /// <summary>0 for what is dropped, <c>1/(1−p)</c> for what is kept.</summary>
    /// <param name="shape">Its first dimension is that of all sequences, one after the other. At most 2³¹ elements off the CPU.</param>
    /// <param name="type">A floating-point type.</param>
    /// <param name="device">Where the mask is needed.</param>
    /// <param name="dropout">p, in [0, 1).</param>
    /// <param name="seeds">One for each sequence; the same one draws the same mask on the same kind of device.</param>
    /// <returns>A tensor of that shape. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The first dimension isn't divided by the number of sequences.</exception>
    public static Tensor KeptShare(long[] shape, ScalarType type, Device device, double dropout, IReadOnlyList<long> seeds)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(seeds);
        if (shape[0] % seeds.Count != 0)
            throw new ArgumentException($"{shape[0]} rows are not those of {seeds.Count} sequences.", nameof(shape));
        if (device.type != DeviceType.CPU)
            return Hashed(shape, type, device, dropout, seeds);
        var mask = empty(shape, type, device);
        var rows = shape[0] / seeds.Count;
        for (var sequence = 0; sequence < seeds.Count; sequence++)
        {
            using var generator = new Generator((ulong)seeds[sequence]);
            using var part = mask.narrow(0, sequence * rows, rows);
            using var drawn = part.bernoulli_(1 - dropout, generator);
            drawn.DivideInPlace(1 - dropout);
        }

        return mask;
    }

    /// <summary>
    /// The same from a hash of every element's index. TorchSharp has generators of its own for the CPU alone, and a device's global one is
    /// the user's.
    /// </summary>
    internal static Tensor Hashed(long[] shape, ScalarType type, Device device, double dropout, IReadOnlyList<long> seeds)
    {
        using var scope = NewDisposeScope();
        // Residues that the seeds decide: a factor, which must not be 0, and three offsets; a row for each sequence.
        var residues = new long[4 * seeds.Count];
        for (var sequence = 0; sequence < seeds.Count; sequence++)
        {
            var state = (ulong)seeds[sequence];
            residues[sequence] = 1 + Next(ref state) % (Prime - 1);
            for (var offset = 1; offset < 4; offset++)
                residues[(offset * seeds.Count) + sequence] = Next(ref state);
        }

        var columns = tensor(residues, ScalarType.Int64, device).view(4, seeds.Count, 1);
        var (factor, first, second, third) = (columns.select(0, 0), columns.select(0, 1), columns.select(0, 2), columns.select(0, 3));
        using Scalar zero = 0,
            one = 1,
            count = shape.Aggregate(1L, (product, size) => product * size) / seeds.Count;
        using Scalar prime = Prime,
            bound = (long)((1 - dropout) * Prime);
        // An arithmetic sequence, and polynomials of it of degree 2, 3 and 6 modulo the prime.
        var linear = arange(zero, count, one, ScalarType.Int64, device).mul(factor).AddInPlace(first).remainder_(prime);
        var quadratic = linear.mul(linear).AddInPlace(second).remainder_(prime);
        var mixed = quadratic.mul_(linear).AddInPlace(third).remainder_(prime);
        mixed = mixed.mul(mixed).remainder_(prime);
        var kept = mixed.lt(bound);
        return kept.view(shape).to(type).DivideInPlace(1 - dropout).MoveToOuterDisposeScope();
    }

    // SplitMix64 (Steele, Lea and Flood, 2014).
    private static long Next(ref ulong state)
    {
        state += 0x9e3779b97f4a7c15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return (long)((mixed ^ (mixed >> 31)) % Prime);
    }
}
