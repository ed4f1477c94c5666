using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The factored linears with a guide that one <c>[LowRank]</c> selects, and the field that lists them.</summary>
/// <param name="Totals">The declaration and what its guides cost.</param>
/// <param name="Field">The field.</param>
/// <param name="Selection">The sublayers it selects from, with the blocks of each, in words.</param>
internal sealed record FactoredGroup(GuideTotals Totals, string Field, string Selection)
{
    /// <summary>Where the declaration stands, in words.</summary>
    public string Place
    {
        get
        {
            var origin = Totals.Options.Origin;
            var owner = origin.IsAssembly ? "the assembly" : origin.Property ?? "the class";
            return origin.Index == 0 ? $"[LowRank] on {owner}" : $"[LowRank] number {Literals.Of(origin.Index + 1)} on {owner}";
        }
    }

    public static IEnumerable<FactoredGroup> Of(CostedModel costed) => costed.Costs.Guides
        .Select(totals => new FactoredGroup(totals, Identifiers.FactoredField(totals.Options.Origin), SelectionOf(totals.Options, costed.Model)));

    private static string SelectionOf(LowRankOptions options, TransformerModel model)
    {
        var selected = model.Sublayers
            .SelectMany(sublayer => sublayer.Linears.Where(pair => options.Equals(pair.Linear.LowRank)).Select(pair => (sublayer.Name, pair.Span)))
            .Select(pair => (pair.Name, Blocks: Remarks.Blocks(pair.Span.First, pair.Span.Count, pair.Span.Stride))).Distinct()
            .GroupBy(pair => pair.Name, pair => pair.Blocks).Select(sublayer => (Name: sublayer.Key, Blocks: string.Join(" and ", sublayer)))
            .GroupBy(sublayer => sublayer.Blocks, sublayer => sublayer.Name);
        return string.Join("; ", selected.Select(group => $"{string.Join(" and ", group)}, {group.Key}"));
    }
}
