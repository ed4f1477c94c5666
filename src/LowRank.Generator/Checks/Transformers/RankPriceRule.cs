using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Says at every <c>[LowRank]</c> what its rank buys, once per shape of weight.</summary>
internal sealed class RankPriceRule : IRule
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model)
    {
        foreach (var lowRank in declaration.LowRanks)
        {
            // Where the rank saves nothing, or is none, another rule speaks.
            foreach (
                var (name, linear) in RankRule
                    .Selected(lowRank, model)
                    .Where(pair => pair.Linear.Rank > 0 && pair.Linear.Rank <= SavingRank.Largest(pair.Linear))
            )
            {
                var price = RankPrice.Of(linear);
                yield return Finding.Of(
                    RankNotes.Price,
                    lowRank.Origin,
                    linear.Rank,
                    name,
                    linear.Inputs,
                    linear.Outputs,
                    Math.Round(100 * price.Kept, 1, MidpointRounding.AwayFromZero),
                    price.Weights,
                    price.FlopsSavedPerToken,
                    lowRank.HasGuide ? " once the guide is gone" : "",
                    Math.Round(price.BreakEven, 1)
                );
            }
        }
    }
}
