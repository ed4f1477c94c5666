namespace LowRank.Generator.Model;

/// <summary>What one <c>[LowRank]</c> says, and where it stands.</summary>
/// <param name="Origin">The attribute, to group what it selects and to place what is said about it.</param>
/// <param name="Rank">Inner size of the factors; null where it is left to the ratio.</param>
/// <param name="PhaseOut">Fraction of the training steps after which the guide is gone.</param>
/// <param name="Layers">The ranges over the depth, as written; null when written as null.</param>
/// <param name="Guide">How the guide takes part.</param>
/// <param name="Schedule">How its share falls.</param>
/// <param name="Ratio">Fraction of a linear's weights that its factors may hold; null where a rank is given.</param>
/// <param name="Projections">The linears it selects, by their role.</param>
internal sealed record LowRankOptions(
    Target Origin,
    int? Rank,
    double PhaseOut,
    string? Layers,
    Guide Guide,
    Schedule Schedule,
    double? Ratio = null,
    Projections Projections = Projections.All)
{
    public bool HasGuide => Guide != Guide.None;

    /// <summary>Whether its projections include linears of this name; the blocks are another question.</summary>
    public bool Selects(string linear) => !Enum.TryParse<Projections>(linear, out var projection) || (Projections & projection) != 0;
}
