namespace LowRank.CodeFixes.HandWritten;

/// <summary>The linear layers of a block, sorted by their sizes into attention and feed-forward.</summary>
/// <param name="Hidden">Size of the feed-forward's hidden layer.</param>
/// <param name="IsGated">Whether two linears lead into it.</param>
/// <param name="KeyValueHeads">Key and value heads.</param>
/// <param name="Bias">The value of <c>Bias</c>, or null where it has none that fits.</param>
internal sealed record Linears(long Hidden, bool IsGated, long KeyValueHeads, string? Bias)
{
    /// <summary>Null where a size is no constant, or the layers are not those of one attention and one feed-forward.</summary>
    public static Linears? Sort(IReadOnlyList<CreatedLayer> layers, long width, long headSize)
    {
        if (layers.Any(layer => layer.Size(0) is null || layer.Size(1) is null))
            return null;
        // What comes from elsewhere than the residual stream is the backward pass from the hidden layer.
        if (
            layers.Where(layer => layer.Size(0) != width).ToList() is not [var down]
            || down.Size(1) != width
            || down.Size(0) is not { } hidden
        )
            return null;
        var up = layers.Where(layer => layer.Size(0) == width && layer.Size(1) == hidden).ToList();
        var attention = layers.Where(layer => layer != down && !up.Contains(layer)).ToList();
        // Fused queries, keys and values are as wide as a hidden layer of three times the width: nobody can tell them apart.
        if (up.Count is not (1 or 2) || hidden == 3 * width || Projections(attention, width, headSize) is not { } keyValueHeads)
            return null;
        return new(hidden, up.Count == 2, keyValueHeads, BiasOf(attention, [.. up, down]));
    }

    // Query, key, value, output of the width; or query and output with narrower keys and values; or the three fused, and output.
    private static long? Projections(List<CreatedLayer> layers, long width, long headSize)
    {
        var sizes = layers.Select(layer => layer.Size(1)!.Value).OrderByDescending(size => size).ToList();
        return sizes switch
        {
            [var fused, var output] when fused == 3 * width && output == width => width / headSize,
            [var query, var output, var key, var value]
                when query == width
                    && output == width
                    && key == value
                    && key > 0
                    && key % headSize == 0
                    && width / headSize % (key / headSize) == 0 => key / headSize,
            _ => null,
        };
    }

    private static string? BiasOf(List<CreatedLayer> attention, List<CreatedLayer> feedForward)
    {
        if (attention.Concat(feedForward).All(layer => layer.HasBias))
            return "All";
        if (!attention.Concat(feedForward).Any(layer => layer.HasBias))
            return "None";
        return null;
    }
}
