using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>
/// Ranks on the tile grid of matrix kernels. Kernels work in tiles and pad what is left over, so the grid is as coarse as the rank
/// allows: a tile is at most half the rank, at least 8 and at most 64.
/// </summary>
internal static class AlignedRanks
{
    public static int Tile(int rank) =>
        rank switch
        {
            >= 128 => 64,
            >= 64 => 32,
            >= 32 => 16,
            _ => 8,
        };

    public static bool IsAligned(int rank) => rank % Tile(rank) == 0;

    /// <summary>The largest aligned rank up to a limit; the limit itself where it is smaller than any tile.</summary>
    public static int AtMost(int limit) => limit < Tile(limit) ? limit : limit - limit % Tile(limit);

    /// <summary>The aligned ranks on either side of one that is not, so far as they are ranks.</summary>
    public static IEnumerable<int> Around(int rank)
    {
        var below = rank - rank % Tile(rank);
        return new[] { below, below + Tile(rank) }.Where(aligned => aligned > 0);
    }

    /// <summary>The largest aligned rank that saves on every one of the linears, or null where none saves.</summary>
    public static int? Saving(IEnumerable<LinearModel> linears) =>
        SavingRank.Largest(linears) is var largest and > 0 ? AtMost(largest) : null;
}
