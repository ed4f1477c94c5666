using System.Globalization;
using LowRank.Generator.Checks;
using LowRank.Generator.Costs;

namespace LowRank.CodeFixes.Refactorings;

/// <summary>A rank for a dense sublayer, and how many of its weights the factors would keep.</summary>
internal sealed record RankOffer(int Rank, long Kept, long Weights)
{
    // The two ranks of Wei et al. (2024): half and a quarter of the width where the hidden layer is four times as wide.
    private static readonly double[] Shares = [0.625, 0.3125];

    /// <summary>Offers on the tile grid that save on every one of the linears, the larger rank first.</summary>
    public static IEnumerable<RankOffer> For(DeclaredSublayer sublayer)
    {
        var weights = sublayer.Linears.Sum(linear => LinearCost.Of(linear with { HasBias = false }).Parameters);
        var perRank = sublayer.Linears.Sum(linear => (long)linear.Inputs + linear.Outputs);
        var largest = SavingRank.Largest(sublayer.Linears);
        return Shares
            .Select(share => AlignedRanks.AtMost((int)Math.Min(share * weights / perRank, largest)))
            .Where(rank => rank > 0)
            .Distinct()
            .Select(rank => new RankOffer(rank, rank * perRank, weights));
    }

    public string Title(string kind) =>
        string.Format(
            CultureInfo.InvariantCulture,
            "Make low rank: rank {0} keeps {1:0} % of the {2} weights ({3:N0} of {4:N0} in each block)",
            Rank,
            Math.Round(100.0 * Kept / Weights, MidpointRounding.AwayFromZero),
            kind,
            Kept,
            Weights
        );
}
