using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>
/// The factored linears that one <c>[LowRank]</c> with a guide or a product decay selects, and the field that lists them.
/// </summary>
/// <param name="Options">The declaration.</param>
/// <param name="Guide">What its guides cost; null where it has none.</param>
/// <param name="Field">The field.</param>
/// <param name="Selection">The sublayers it selects from, with the blocks of each, in words.</param>
internal sealed record FactoredGroup(LowRankOptions Options, GuideTotals? Guide, string Field, string Selection)
{
    /// <summary>Where the declaration stands, in words.</summary>
    public string Place
    {
        get
        {
            var origin = Options.Origin;
            var owner = origin.IsAssembly ? "the assembly" : origin.Property ?? "the class";
            return origin.Index == 0 ? $"[LowRank] on {owner}" : $"[LowRank] number {Literals.Of(origin.Index + 1)} on {owner}";
        }
    }

    public static IEnumerable<FactoredGroup> Of(CostedTransformer costed) =>
        costed
            .Model.OwnLowRanksInForce.Where(options => options.ChangesGradients)
            .Select(options => new FactoredGroup(
                options,
                costed.Costs.Guides.FirstOrDefault(guide => guide.Options.Equals(options)),
                Identifiers.FactoredField(options.Origin),
                SelectionOf(options, costed.Model)
            ));

    private static string SelectionOf(LowRankOptions options, TransformerModel model)
    {
        var selected = model
            .Sublayers.SelectMany(sublayer =>
                sublayer.Linears.Where(pair => options.Equals(pair.Linear.LowRank)).Select(pair => (sublayer.Name, pair.Span))
            )
            .Select(pair => (pair.Name, Blocks: Remarks.Blocks(pair.Span.First, pair.Span.Count, pair.Span.Stride)))
            .Distinct()
            .GroupBy(pair => pair.Name, pair => pair.Blocks)
            .Select(sublayer => (Name: sublayer.Key, Blocks: string.Join(" and ", sublayer)))
            .GroupBy(sublayer => sublayer.Blocks, sublayer => sublayer.Name);
        return string.Join("; ", selected.Select(group => $"{string.Join(" and ", group)}, {group.Key}"));
    }
}
