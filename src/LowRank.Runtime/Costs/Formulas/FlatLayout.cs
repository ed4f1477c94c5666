namespace LowRank.Costs;

/// <summary>How parameters lie in a flat buffer.</summary>
internal static class FlatLayout
{
    /// <summary>
    /// Elements to a multiple of which every parameter is padded: sixteen floats are one cache line and one 512-bit vector, and products
    /// start on such a boundary.
    /// </summary>
    public const long Alignment = 16;
}
