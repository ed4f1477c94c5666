namespace LowRank.Layers;

/// <summary>
/// A layer that holds linear layers, any of which can be replaced by another of the same sizes: by factors, or by adapters.
/// </summary>
internal interface ILinearHost
{
    /// <summary>Puts a layer in another's place, under its name.</summary>
    /// <param name="name">The registered name, such as <c>up</c>.</param>
    /// <param name="layer">The new layer.</param>
    /// <exception cref="ArgumentException">There is no linear layer of that name.</exception>
    void Replace(string name, LinearLayer layer);
}
