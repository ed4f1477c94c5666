using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A <c>[LowRank]</c> gives either a rank or a ratio, and a ratio lies in (0, 1].</summary>
internal sealed class RankOrRatioRule : IRule<LowRankSelection>
{
    public IEnumerable<Finding> Check(LowRankSelection selection)
    {
        var lowRank = selection.LowRank;
        if (lowRank is { Rank: { } rank, Ratio: { } ratio })
            yield return Finding.Of(
                LowRankRules.RankOrRatio,
                lowRank.Origin.At("Ratio"),
                selection.Owner,
                Finding.Text($"both rank {rank} and Ratio {ratio}")
            ) with
            {
                IsRemovable = true,
            };
        if (lowRank is { Rank: null, Ratio: null })
            yield return Finding.Of(LowRankRules.RankOrRatio, lowRank.Origin, selection.Owner, "neither a rank nor a Ratio");
        if (lowRank.Ratio is not null and not (> 0 and <= 1))
            yield return Finding.Of(LowRankRules.RatioOutOfRange, lowRank.Origin.At("Ratio"), lowRank.Ratio.Value) with
            {
                Suggestion = Suggestions.FractionBelowOne(lowRank.Ratio.Value, LowRankOptions.RecipeRatio),
            };
    }
}
