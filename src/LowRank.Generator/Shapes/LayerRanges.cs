namespace LowRank.Generator.Shapes;

/// <summary>What <c>Layers</c> says: one range over the depth, or several separated by commas.</summary>
internal static class LayerRanges
{
    /// <summary>The ranges, or null where the text is no list of ranges.</summary>
    public static IReadOnlyList<LayerRange>? Parse(string? text)
    {
        if (text is null)
            return null;
        var ranges = text.Split(',').Select(LayerRange.Parse).ToList();
        return ranges.All(range => range is not null) ? ranges.Select(range => range!.Value).ToList() : null;
    }
}
