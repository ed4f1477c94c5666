using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>What the guides of one <c>[LowRank]</c> cost, over all blocks and linears that it selects.</summary>
internal sealed record GuideTotals(
    LowRankOptions Options,
    int Linears,
    long Parameters,
    long ExtraForwardFlopsPerToken,
    long ProjectionFlopsPerStep
)
{
    /// <summary>Where its linears begin among all that have a guide; keys the draws of a sampled guide.</summary>
    public int FirstDraw { get; private init; }

    public static IEnumerable<GuideTotals> Of(TransformerModel model)
    {
        var firstDraw = 0;
        foreach (var options in model.LowRanksInForce.Where(options => options.HasGuide))
        {
            var totals = Of(options, model) with { FirstDraw = firstDraw };
            firstDraw = checked(firstDraw + totals.Linears);
            yield return totals;
        }
    }

    private static GuideTotals Of(LowRankOptions options, TransformerModel model)
    {
        var totals = new GuideTotals(options, 0, 0, 0, 0);
        var selected = model.Sublayers.SelectMany(sublayer => sublayer.Linears).Where(pair => options.Equals(pair.Linear.LowRank));
        foreach (var (span, linear) in selected)
        {
            var cost = LinearCost.OfAll(linear);
            totals = checked(
                new(
                    options,
                    totals.Linears + span.Count * linear.Copies,
                    totals.Parameters + span.Count * cost.GuideParameters,
                    totals.ExtraForwardFlopsPerToken + span.Count * (cost.GuidedForwardFlopsPerToken - cost.ForwardFlopsPerToken),
                    totals.ProjectionFlopsPerStep + span.Count * cost.ProjectionFlopsPerStep
                )
            );
        }

        return totals;
    }
}
