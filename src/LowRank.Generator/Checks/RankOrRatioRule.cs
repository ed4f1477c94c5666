using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A <c>[LowRank]</c> gives either a rank or a ratio, and a ratio lies in (0, 1].</summary>
internal sealed class RankOrRatioRule : IRule
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model) =>
        Check(declaration.LowRanks, declaration.Type.Name);

    /// <summary>The same for any declarations on a class and its properties.</summary>
    public static IEnumerable<Finding> Check(IEnumerable<LowRankOptions> lowRanks, string className)
    {
        foreach (var lowRank in lowRanks)
        {
            var owner = lowRank.Origin.OwnerOf(className);
            if (lowRank is { Rank: { } rank, Ratio: { } ratio })
                yield return Finding.Of(
                    LowRankRules.RankOrRatio,
                    lowRank.Origin.At("Ratio"),
                    owner,
                    Finding.Text($"both rank {rank} and Ratio {ratio}")
                );
            if (lowRank is { Rank: null, Ratio: null })
                yield return Finding.Of(LowRankRules.RankOrRatio, lowRank.Origin, owner, "neither a rank nor a Ratio");
            if (lowRank.Ratio is not null and not (> 0 and <= 1))
                yield return Finding.Of(LowRankRules.RatioOutOfRange, lowRank.Origin.At("Ratio"), lowRank.Ratio.Value);
        }
    }
}
