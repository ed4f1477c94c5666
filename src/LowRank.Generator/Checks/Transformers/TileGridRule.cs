using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A rank on the tile grid costs what it should; one beside it is padded up to the grid.</summary>
internal sealed class TileGridRule : IRule<LowRankSelection>
{
    public IEnumerable<Finding> Check(LowRankSelection selection)
    {
        var origin = selection.LowRank.Origin;
        if (selection.LowRank.Rank is { } rank)
        {
            var aligned = Aligned(rank, SavingRank.Largest(selection.Linears.Select(pair => pair.Linear)));
            if (aligned.Count > 0)
                yield return Of(origin.At("rank"), rank, Finding.Text($"{rank}"), aligned) with
                {
                    Suggestion = Suggestions.OneOf(aligned),
                };
            yield break;
        }

        // A ratio gives each shape a rank of its own, so that no one value would put all of them on the grid.
        foreach (var (name, linear) in selection.Linears)
        {
            var aligned = Aligned(linear.Rank, SavingRank.Largest(linear));
            if (aligned.Count > 0)
                yield return Of(origin.At("Ratio"), linear.Rank, Finding.Text($"{linear.Rank} of {name}"), aligned);
        }
    }

    // A rank that saves nothing has another rule to answer to, and a neighbor that saves nothing is no advice.
    private static List<int> Aligned(int rank, int largest) =>
        rank < 1 || rank > largest || AlignedRanks.IsAligned(rank) ? [] : [.. AlignedRanks.Around(rank).Where(other => other <= largest)];

    private static Finding Of(Target target, int rank, string described, List<int> aligned) =>
        Finding.Of(RankNotes.OffTileGrid, target, described, AlignedRanks.Tile(rank), string.Join(" and ", aligned));
}
