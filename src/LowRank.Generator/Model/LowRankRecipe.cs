namespace LowRank.Generator.Model;

/// <summary>
/// What <c>[LowRank]</c> means without any argument: the recipe that reached the dense model's perplexity with the fewest training FLOPs
/// at one token per parameter (docs/results.md has what longer runs say). Feed-forward layers keep 32 % of their weights from block 1 on,
/// without a guide.
/// </summary>
internal static class LowRankRecipe
{
    private const string Layers = "1..";
    private const Projections FeedForward = Projections.Gate | Projections.Up | Projections.Down;

    /// <summary>
    /// The recipe at a place: all linears of a property that carries it, the feed-forward layers of what lies further out.
    /// </summary>
    /// <param name="origin">The attribute.</param>
    /// <param name="isInModule">Whether it stands in a <c>[Module]</c>, which has neither blocks nor projections.</param>
    public static LowRankOptions At(Target origin, bool isInModule) =>
        new(
            origin,
            Rank: null,
            PhaseOut: 0.5,
            isInModule ? ".." : Layers,
            Guide.None,
            Schedule.Cosine,
            LowRankOptions.RecipeRatio,
            isInModule || origin.Property is not null ? Projections.All : FeedForward
        )
        {
            IsRecipe = true,
            Initialization = Initialization.Spectral,
        };
}
