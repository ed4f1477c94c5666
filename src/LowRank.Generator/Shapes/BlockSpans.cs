using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>Cuts the depth into runs of blocks in which the same declarations of low rank are in force.</summary>
internal static class BlockSpans
{
    public static EquatableArray<BlockSpan> Resolve(
        SublayerDeclaration sublayer, ModelDeclaration owner, Func<LowRankOptions?, IEnumerable<LinearModel>> linears)
    {
        var depth = Math.Max(owner.Transformer.Depth, 1);
        var candidates = Candidates(sublayer, owner).Select(options => (Options: options, Range: RangeOf(options, depth))).ToList();
        // Only where a range begins or ends can a block differ from the one before it, so the depth itself is never walked.
        var cuts = candidates.SelectMany(candidate => new[] { candidate.Range.First, candidate.Range.Last })
            .Concat([0, depth]).Distinct().OrderBy(cut => cut).ToList();
        var spans = new List<BlockSpan>();
        for (var i = 0; i + 1 < cuts.Count; i++)
        {
            var inForce = candidates.FirstOrDefault(candidate => candidate.Range.First <= cuts[i] && cuts[i] < candidate.Range.Last).Options;
            spans.Add(new(cuts[i], cuts[i + 1] - cuts[i], new(linears(inForce))));
        }

        return new(spans);
    }

    // The nearest declaration stands first and wins for the whole sublayer, as the attribute's documentation says.
    private static IEnumerable<LowRankOptions> Candidates(SublayerDeclaration sublayer, ModelDeclaration owner)
    {
        if (sublayer.IsDense)
            return [];
        return (sublayer.LowRank ?? owner.LowRank) is { } nearest ? [nearest] : [];
    }

    // A range that a check refuses counts as the whole depth, so that what else is wrong with its declaration is still found.
    private static (int First, int Last) RangeOf(LowRankOptions options, int depth)
    {
        var range = (LayerRange.Parse(options.Layers) ?? LayerRange.All).Over(depth);
        return range.First >= 0 && range.First < range.Last && range.Last <= depth ? range : (0, depth);
    }
}
