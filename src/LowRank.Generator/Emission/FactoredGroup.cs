using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The factored linears with a guide that one <c>[LowRank]</c> selects, and the field that lists them.</summary>
/// <param name="Totals">The declaration and what its guides cost.</param>
/// <param name="Field">The field.</param>
/// <param name="Sublayers">The sublayers it selects from.</param>
/// <param name="FirstBlock">First block selected.</param>
/// <param name="EndBlock">One past the last block selected.</param>
/// <param name="FirstDraw">Where its linears begin among all that have a guide; keys the draws of a sampled guide.</param>
internal sealed record FactoredGroup(
    GuideTotals Totals, string Field, EquatableArray<string> Sublayers, int FirstBlock, int EndBlock, int FirstDraw)
{
    public static IEnumerable<FactoredGroup> Of(CostedModel costed)
    {
        var firstDraw = 0;
        foreach (var totals in costed.Costs.Guides)
        {
            yield return Of(totals, costed.Model, firstDraw);
            firstDraw += totals.Linears;
        }
    }

    private static FactoredGroup Of(GuideTotals totals, TransformerModel model, int firstDraw)
    {
        var spans = model.Sublayers
            .SelectMany(sublayer => sublayer.Linears.Where(pair => totals.Options.Equals(pair.Linear.LowRank)).Select(pair => (sublayer.Name, pair.Span)))
            .ToList();
        var property = totals.Options.Origin.Property;
        return new(
            totals,
            property is null ? "modelFactored" : Identifiers.FactoredField(property),
            new(spans.Select(pair => pair.Name).Distinct()),
            spans.Min(pair => pair.Span.First),
            spans.Max(pair => pair.Span.First + pair.Span.Count),
            firstDraw);
    }
}
