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
    /// <param name="shape">At most 2³¹ elements off the CPU.</param>
    /// <param name="type">A floating-point type.</param>
    /// <param name="device">Where the mask is needed.</param>
    /// <param name="dropout">p, in [0, 1).</param>
    /// <param name="seed">The seed; the same one draws the same mask on the same kind of device.</param>
    /// <returns>A tensor of that shape. The caller disposes it.</returns>
    public static Tensor KeptShare(long[] shape, ScalarType type, Device device, double dropout, long seed)
    {
        if (device.type != DeviceType.CPU)
            return Hashed(shape, type, device, dropout, seed);
        using var generator = new Generator((ulong)seed);
        return empty(shape, type, device).bernoulli_(1 - dropout, generator).DivideInPlace(1 - dropout);
    }

    /// <summary>
    /// The same from a hash of every element's index. TorchSharp has generators of its own for the CPU alone, and a device's global one is
    /// the user's.
    /// </summary>
    internal static Tensor Hashed(long[] shape, ScalarType type, Device device, double dropout, long seed)
    {
        using var scope = NewDisposeScope();
        // Residues that the seed decides: a factor, which must not be 0, and three offsets.
        var state = (ulong)seed;
        using Scalar factor = 1 + Next(ref state) % (Prime - 1),
            first = Next(ref state),
            second = Next(ref state),
            third = Next(ref state);
        using Scalar zero = 0,
            one = 1,
            count = shape.Aggregate(1L, (product, size) => product * size);
        using Scalar prime = Prime,
            bound = (long)((1 - dropout) * Prime);
        // An arithmetic sequence, and polynomials of it of degree 2, 3 and 6 modulo the prime.
        var linear = arange(zero, count, one, ScalarType.Int64, device).mul_(factor).add_(first, one).remainder_(prime);
        var quadratic = linear.mul(linear).add_(second, one).remainder_(prime);
        var mixed = quadratic.mul_(linear).add_(third, one).remainder_(prime);
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
