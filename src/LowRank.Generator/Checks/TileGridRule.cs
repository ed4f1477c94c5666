using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A rank on the tile grid costs what it should; one beside it is padded up to the grid.</summary>
internal sealed class TileGridRule : IRule
{
    public IEnumerable<Finding> Check(ModelDeclaration declaration, TransformerModel model)
    {
        foreach (var lowRank in declaration.LowRanks.Where(lowRank => lowRank.Rank > 0 && !AlignedRanks.IsAligned(lowRank.Rank)))
        {
            var largest = SavingRank.Largest(RankRule.Selected(lowRank, model).Select(pair => pair.Linear));
            // A rank that saves nothing has another rule to answer to, and a neighbour that saves nothing is no advice.
            var aligned = lowRank.Rank > largest ? [] : AlignedRanks.Around(lowRank.Rank).Where(rank => rank <= largest).ToList();
            if (aligned.Count == 0)
                continue;
            yield return Finding.Of(RankNotes.OffTileGrid, lowRank.Origin.At("rank"), lowRank.Rank, AlignedRanks.Tile(lowRank.Rank), string.Join(" and ", aligned))
                with { Suggestion = Suggestions.OneOf(aligned) };
        }
    }
}
