namespace LowRank.Decoding;

/// <summary>
/// Which form of latent attention reads new tokens faster behind a cache. Absorbed, every new token goes through the weights of keys and
/// values, and attends in the latents' space, which is wider. Expanded, every token in sight goes through those weights.
/// </summary>
/// <remarks>The constants are fitted to measurements; docs/performance.md says how the choice is held against both forms.</remarks>
internal static class AbsorptionRule
{
    // A product reads its weights once, whatever the rows: so many rows could be multiplied meanwhile.
    private const double RowsPerReading = 8;

    /// <summary>Whether new tokens are read at least as fast absorbed.</summary>
    /// <param name="sizes">Those of the attention.</param>
    /// <param name="sequences">Sequences that are read together.</param>
    /// <param name="added">New tokens of each.</param>
    /// <param name="tokens">Tokens in sight of each, the new ones included.</param>
    public static bool PrefersAbsorbed(LatentSizes sizes, long sequences, long added, long tokens)
    {
        var weights = (double)sizes.Rank * (sizes.Content + sizes.Value);
        var pairs = (double)sequences * added * tokens;
        var absorbed = (sequences * added + RowsPerReading) * weights + pairs * (2 * sizes.Rank + sizes.Rotary);
        var expanded = (sequences * tokens + RowsPerReading) * weights + pairs * (sizes.Rotary + sizes.Content + sizes.Value);
        return absorbed <= expanded;
    }
}
