namespace LowRank.Generator.Model;

/// <summary>What latent attention has besides the sizes of any attention.</summary>
/// <param name="KeyValueRank">Size of the latent vector of keys and values.</param>
/// <param name="QueryRank">Size of the latent vector of queries; 0 where they are projected directly.</param>
/// <param name="ContentSize">Elements of a query and of a head's own key that are not rotated.</param>
/// <param name="ValueSize">Size of a head's values.</param>
/// <param name="HasNorm">Whether the latent vectors are normalized before they are expanded.</param>
internal sealed record LatentModel(int KeyValueRank, int QueryRank, int ContentSize, int ValueSize, bool HasNorm)
{
    /// <summary>Gains of the norms of latent vectors.</summary>
    public long NormParameters => HasNorm ? (long)KeyValueRank + QueryRank : 0;

    /// <summary>Number of norms of latent vectors.</summary>
    public int Norms => HasNorm ? Math.Sign(QueryRank) + 1 : 0;

    /// <summary>The linears, by their role, in the order in which they run.</summary>
    public static IEnumerable<string> Roles(bool hasQueryRank) =>
        [.. hasQueryRank ? ["QueryDown"] : Array.Empty<string>(), "Query", "KeyValueDown", "Key", "Value", "Output"];
}
