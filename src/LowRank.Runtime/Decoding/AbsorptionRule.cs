namespace LowRank.Decoding;

/// <summary>
/// Which form of latent attention reads new tokens faster behind a cache. Absorbed, every new token goes through the weights of keys and
/// values, and attends in the latents' space, which is wider. Expanded, every token in sight goes through those weights.
/// </summary>
/// <remarks>The form with fewer multiply-adds; docs/performance.md has the measurements that this choice is held against.</remarks>
internal static class AbsorptionRule
{
    /// <summary>Whether new tokens are read at least as fast absorbed.</summary>
    /// <param name="sizes">Those of the attention.</param>
    /// <param name="added">New tokens of a sequence.</param>
    /// <param name="tokens">Tokens in sight, the new ones included.</param>
    public static bool PrefersAbsorbed(LatentSizes sizes, long added, long tokens)
    {
        var weights = (double)sizes.Rank * (sizes.Content + sizes.Value);
        var pairs = (double)added * tokens;
        var absorbed = added * weights + pairs * (2 * sizes.Rank + sizes.Rotary);
        var expanded = tokens * weights + pairs * (sizes.Rotary + sizes.Content + sizes.Value);
        return absorbed <= expanded;
    }
}
