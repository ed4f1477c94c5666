namespace LowRank.Decoding;

/// <summary>
/// Which form of a factored layer is read faster while tokens are generated. A product with few rows takes the time in which its weights
/// are read, a little for the sum of every output, and a little for the call; two thin products are called twice and have more outputs.
/// </summary>
/// <remarks>The two constants are estimates; docs/performance.md says how the choice is held against both forms.</remarks>
internal static class DecodingRule
{
    // What an output costs besides its weights, and a further call, in weights that could be read meanwhile by one row.
    private const long WeightsPerOutput = 32;
    private const long WeightsPerCall = 16_384;

    /// <summary>Whether the two factors are read at least as fast as their product.</summary>
    /// <param name="inputs">Size of the layer's input.</param>
    /// <param name="outputs">Size of its output.</param>
    /// <param name="rank">Inner size of the factors.</param>
    /// <param name="rows">Sequences that are decoded together: with many rows the time is that of the arithmetic, and a call is cheap
    /// beside it.</param>
    public static bool PrefersFactors(long inputs, long outputs, long rank, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        return Product(inputs, rank) + Product(rank, outputs) + WeightsPerCall / rows <= Product(inputs, outputs);
    }

    private static long Product(long inputs, long outputs) => outputs * (inputs + WeightsPerOutput);
}
