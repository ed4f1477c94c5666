using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Says at every <c>[LowRank]</c> what its rank buys, once per shape of weight.</summary>
internal sealed class RankPriceRule : IRule<LowRankSelection>
{
    // Where the rank saves nothing, or is none, another rule speaks.
    public IEnumerable<Finding> Check(LowRankSelection selection) =>
        from pair in selection.Linears
        let linear = pair.Linear
        where linear.Rank > 0 && linear.Rank <= SavingRank.Largest(linear)
        let price = RankPrice.Of(linear)
        select Finding.Of(
            RankNotes.Price,
            selection.LowRank.Origin,
            linear.Rank,
            pair.Name,
            linear.Inputs,
            linear.Outputs,
            Math.Round(100 * price.Kept, 1, MidpointRounding.AwayFromZero),
            price.Weights,
            price.FlopsSavedPerToken,
            selection.LowRank.HasGuide ? " once the guide is gone" : "",
            Math.Round(price.BreakEven, 1)
        );
}
