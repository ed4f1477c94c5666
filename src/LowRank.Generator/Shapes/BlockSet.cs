using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>The blocks that a <c>Layers</c> names, held against a depth.</summary>
internal sealed class BlockSet
{
    private BlockSet(IReadOnlyList<BlockRange> ranges) => Ranges = ranges;

    public IReadOnlyList<BlockRange> Ranges { get; }

    /// <summary>
    /// The blocks. A list that a check refuses counts as the whole depth, so that what else is wrong with its declaration is still found.
    /// </summary>
    /// <param name="layers">The text.</param>
    /// <param name="depth">Number of blocks.</param>
    /// <param name="isClipped">Whether what reaches outside the depth is cut off, as for a declaration made for models of any
    /// depth.</param>
    public static BlockSet Of(string? layers, int depth, bool isClipped = false)
    {
        var all = new BlockSet([new(0, depth, 1)]);
        if (LayerRanges.Parse(layers) is not { } parsed)
            return all;
        var ranges = new List<BlockRange>();
        foreach (var range in parsed)
        {
            var (first, end) = range.Over(depth);
            if (isClipped)
                (first, end) = (Math.Max(first, 0), Math.Min(end, depth));
            else if (first < 0 || first >= end || end > depth)
                return all;
            if (first < end)
                ranges.Add(new(first, end, range.Stride));
        }

        return new(ranges);
    }

    /// <summary>The blocks that an attribute selects. On the assembly it is made for models of any depth.</summary>
    public static BlockSet Of(ILinearSelector selector, int depth) => Of(selector.Layers, depth, selector.Origin.IsAssembly);

    public bool Contains(int block) => Ranges.Any(range => range.Contains(block));

    /// <summary>The first block that two of the ranges name, with their places in the list; or null.</summary>
    public (int Block, int First, int Second)? FirstNamedTwice()
    {
        for (var second = 1; second < Ranges.Count; second++)
        {
            for (var first = 0; first < second; first++)
            {
                if (Ranges[first].FirstShared(Ranges[second]) is { } block)
                    return (block, first, second);
            }
        }

        return null;
    }

    /// <summary>The first block that all of several sets have, or null.</summary>
    public static int? FirstSharedBy(IReadOnlyList<BlockSet> sets, int depth) =>
        new BlockPattern(sets, depth)
            .Group<bool>(block => sets.All(set => set.Contains(block)) ? true : null)
            .Select(group => (int?)group.First)
            .Min();
}
