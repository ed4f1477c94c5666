using System.Globalization;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Costs;

/// <summary>
/// The dense model of a factored one's forward FLOPs, its honest opponent: no low rank, and hidden layers scaled by one factor, to the
/// largest sizes that cost no more. Sizes follow the FLOPs alone and no tile grid: a grid of 64 would leave out FLOPs that the factors
/// have.
/// </summary>
/// <param name="Model">The model; null where there is none.</param>
/// <param name="Share">Its forward FLOPs per token beside the factored model's (paper convention, every guide gone).</param>
/// <param name="Missing">Why there is none, as half a sentence; null where there is one.</param>
internal sealed record FlopMatch(CostedTransformer? Model, decimal Share, string? Missing)
{
    /// <summary>Searches the sizes.</summary>
    /// <param name="model">The factored model.</param>
    /// <param name="costs">What it costs.</param>
    /// <param name="dense">What it costs without any low rank.</param>
    /// <exception cref="OverflowException">A sum does not fit its type.</exception>
    public static FlopMatch Of(TransformerModel model, ModelCosts costs, ModelCosts dense)
    {
        if (!model.OwnLowRanksInForce.Any() && model.LowRanksInForce.Any())
            return None("only modules of its own are factored, and the dense baseline keeps them as they are");
        if (!model.LowRanksInForce.Any())
            return None("no layer is factored, so the dense model costs the same");
        var sizes = HiddenSizes.Of(model, dense);
        if (sizes is null)
            return None("no sublayer is feed-forward, whose hidden layer could be narrowed");
        var budget = costs.Total.ForwardFlopsPerToken;
        if (sizes.LargestWithin(budget) is not { } size)
            return None(
                string.Format(
                    CultureInfo.InvariantCulture,
                    "with hidden layers of size 1 the dense model still costs {0:#,0} forward FLOPs per token, and the factored one {1:#,0}",
                    sizes.FlopsAt(1),
                    budget
                )
            );
        var matched = CostedTransformer.Of(ShapeInference.DenseWithHidden(model, hidden => sizes.Scaled(hidden, size)));
        return new(matched, (decimal)matched.Costs.Total.ForwardFlopsPerToken / budget, null);
    }

    private static FlopMatch None(string reason) => new(null, 0, reason);
}
