using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>Rounding to the types of tensors, and how near a result must be.</summary>
internal static class Rounded
{
    /// <summary>The bits of the nearest bfloat16, ties to even.</summary>
    public static ushort Bits(double value)
    {
        var bits = BitConverter.SingleToUInt32Bits((float)value);
        return double.IsNaN(value) ? (ushort)0x7fc0 : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>The nearest value of a type.</summary>
    public static double To(ScalarType type, double value) =>
        type == ScalarType.Float32 ? (float)value : BitConverter.UInt32BitsToSingle((uint)Bits(value) << 16);

    /// <summary>
    /// A result equals what is expected to a millionth of it and of the size of what it was formed from; a bfloat16 to half a unit in its
    /// last place beside.
    /// </summary>
    /// <param name="what">What it is, in the message.</param>
    /// <param name="expected">In double precision.</param>
    /// <param name="actual">The result.</param>
    /// <param name="looseness">What the millionth is multiplied by.</param>
    /// <param name="sizes">The size of what each element was formed from; null: the root of the mean square of what is expected.</param>
    public static void AssertNear(string what, double[] expected, Tensor actual, double looseness, Func<int, double>? sizes = null)
    {
        var values = GuardedMemory.Read(actual);
        Assert.Equal(expected.Length, values.Length);
        var finite = expected.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var size = Math.Sqrt(finite.Sum(value => value * value) / finite.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var (wanted, value) = (expected[i], values[i]);
            if (wanted.Equals(value))
                continue;
            var allowed = 1e-6 * looseness * (Math.Abs(wanted) + (sizes?.Invoke(i) ?? size)) + HalfUnit(actual.dtype, wanted);
            // A NaN is no smaller than anything.
            Assert.True(Math.Abs(value - wanted) <= allowed, $"{what}[{i}] is {value:R}, not {wanted:R} ± {allowed:R}");
        }
    }

    // Of a float the millionth covers it, but for the smallest ones, where factors are rounded as coarsely as their product.
    private static double HalfUnit(ScalarType type, double value) =>
        type == ScalarType.BFloat16 ? Math.ScaleB(1, Math.Max(Math.ILogB(value == 0 ? 1e-45 : value), -126) - 8) : 1e-43;
}
