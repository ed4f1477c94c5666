using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A rank on the tile grid costs what it should; one beside it is padded up to the grid.</summary>
internal sealed class TileGridRule : IRule
{
    public IEnumerable<Finding> Check(ModelDeclaration declaration, TransformerModel model)
    {
        foreach (var lowRank in declaration.LowRanks)
        {
            // A ratio says a size and leaves the rank to the shape.
            if (lowRank.Rank is not { } rank || rank < 1 || AlignedRanks.IsAligned(rank))
                continue;
            var largest = SavingRank.Largest(RankRule.Selected(lowRank, model).Select(pair => pair.Linear));
            // A rank that saves nothing has another rule to answer to, and a neighbour that saves nothing is no advice.
            var aligned = rank > largest ? [] : AlignedRanks.Around(rank).Where(other => other <= largest).ToList();
            if (aligned.Count == 0)
                continue;
            yield return Finding.Of(RankNotes.OffTileGrid, lowRank.Origin.At("rank"), rank, AlignedRanks.Tile(rank), string.Join(" and ", aligned))
                with { Suggestion = Suggestions.OneOf(aligned) };
        }
    }
}
