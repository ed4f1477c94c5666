using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>Cuts the blocks that have a sublayer into groups of equal ones: the same linears, factored by the same declarations.</summary>
internal static class BlockSpans
{
    /// <summary>The blocks with low rank and adapters resolved.</summary>
    public static EquatableArray<BlockSpan> Resolve(
        SublayerDeclaration sublayer,
        TransformerDeclaration owner,
        IEnumerable<LinearModel> linears
    )
    {
        var candidates = Candidates(sublayer, owner);
        var depth = Math.Max(owner.Transformer.Depth, 1);
        var adapters = LoraLevels
            .Of(sublayer, owner)
            .SelectMany(level => level)
            .Select(options => (Options: options, Blocks: BlockSet.Of(options, depth)))
            .ToList();
        var others = candidates.Select(candidate => candidate.Blocks).Concat(adapters.Select(adapter => adapter.Blocks));
        return Of(
            sublayer,
            owner,
            others,
            block =>
                new(
                    linears.Select(linear =>
                        linear with
                        {
                            LowRank = InForce(candidates, block, linear.Name),
                            Lora = adapters
                                .FirstOrDefault(adapter => adapter.Options.Selects(linear.Name) && adapter.Blocks.Contains(block))
                                .Options,
                        }
                    )
                )
        );
    }

    /// <summary>The blocks without any low rank.</summary>
    public static EquatableArray<BlockSpan> Dense(
        SublayerDeclaration sublayer,
        TransformerDeclaration owner,
        IEnumerable<LinearModel> linears
    ) => Of(sublayer, owner, [], _ => new(linears));

    private static EquatableArray<BlockSpan> Of(
        SublayerDeclaration sublayer,
        TransformerDeclaration owner,
        IEnumerable<BlockSet> others,
        Func<int, EquatableArray<LinearModel>> linears
    )
    {
        var depth = Math.Max(owner.Transformer.Depth, 1);
        var own = BlockSet.Of(sublayer.Layers, depth);
        var groups = new BlockPattern(others.Append(own), depth).Group<EquatableArray<LinearModel>>(block =>
            own.Contains(block) ? linears(block) : null
        );
        return new(Merge(groups.Select(group => new BlockSpan(group.First, group.Count, group.Found, group.Stride))));
    }

    // The nearest declarations stand first: property, class, assembly.
    private static List<(LowRankOptions Options, BlockSet Blocks)> Candidates(SublayerDeclaration sublayer, TransformerDeclaration owner)
    {
        var depth = Math.Max(owner.Transformer.Depth, 1);
        return LowRankLevels
            .Of(sublayer, owner)
            .SelectMany(level => level)
            .Select(options => (options, BlockSet.Of(options, depth)))
            .ToList();
    }

    private static LowRankOptions? InForce(List<(LowRankOptions Options, BlockSet Blocks)> candidates, int block, string linear) =>
        candidates.FirstOrDefault(candidate => candidate.Options.Selects(linear) && candidate.Blocks.Contains(block)).Options;

    // Where a range ends for the sake of another sublayer's or another linear's declaration, the blocks on both sides may be equal.
    private static List<BlockSpan> Merge(IEnumerable<BlockSpan> spans)
    {
        var merged = new List<BlockSpan>();
        foreach (var span in spans.OrderBy(span => span.First))
        {
            var index = merged.FindLastIndex(earlier => earlier.Linears.Equals(span.Linears));
            if (index >= 0 && Joined(merged[index], span) is { } joined)
                merged[index] = joined;
            else
                merged.Add(span);
        }

        return merged;
    }

    private static BlockSpan? Joined(BlockSpan first, BlockSpan second)
    {
        var gap = second.First - first.Last;
        // Two blocks apart are two groups, not one of a wide stride.
        var fits =
            (gap == 1 || first.Count + second.Count > 2)
            && (first.Count == 1 || first.Stride == gap)
            && (second.Count == 1 || second.Stride == gap);
        return fits ? first with { Count = first.Count + second.Count, Stride = gap } : null;
    }
}
