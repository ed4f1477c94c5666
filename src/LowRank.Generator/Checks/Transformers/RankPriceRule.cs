using System.Globalization;
using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Says at every <c>[LowRank]</c> what its rank buys, once per shape of weight, and what all of it buys the model.</summary>
internal sealed class RankPriceRule : IRule<SizedTransformer>
{
    // Where the rank saves nothing, or is none, another rule speaks.
    public IEnumerable<Finding> Check(SizedTransformer transformer) =>
        from selection in transformer.Selections
        let share = OfTheModel(selection.LowRank, transformer)
        from pair in selection.Linears
        let linear = pair.Linear
        where linear.Rank > 0 && linear.Rank <= SavingRank.Largest(linear)
        let price = RankPrice.Of(linear)
        select Finding.Of(
            RankNotes.Price,
            selection.LowRank.Origin,
            Number(linear.Rank),
            pair.Name,
            Number(linear.Inputs),
            Number(linear.Outputs),
            Math.Round(100 * price.Kept, 1, MidpointRounding.AwayFromZero),
            Number(price.Weights),
            Number(price.FlopsSavedPerToken),
            selection.LowRank.HasGuide ? " once the guide is gone" : "",
            Math.Round(price.BreakEven, 1).ToString("#,0.#", CultureInfo.InvariantCulture),
            share
        );

    // In floating point: the note stands also where the sums of the model don't fit their types.
    private static string OfTheModel(LowRankOptions lowRank, SizedTransformer transformer)
    {
        var (declaration, model) = transformer;
        if (!transformer.IsWhole || !declaration.Transformer.HasSizes)
            return "";
        var saved = (
            from sublayer in model.Sublayers
            from span in sublayer.Spans
            from linear in span.Linears
            where lowRank.Equals(linear.LowRank) && linear.Rank > 0
            select (double)span.Count * linear.Active * RankPrice.FlopsSaved(linear)
        ).Sum();
        // Without the run, which may be refused itself: its steps are not asked for.
        return
            Overflow.Of(() => ModelCosts.Of(ShapeInference.Dense(model) with { Run = null }))
                is { Total.ForwardFlopsPerToken: var dense and > 0 }
            ? FormattableString.Invariant($"; all of this [LowRank] saves {100 * saved / dense:0.#} % of the dense model's forward FLOPs")
            : "";
    }

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
