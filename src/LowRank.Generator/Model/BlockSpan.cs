namespace LowRank.Generator.Model;

/// <summary>Blocks at equal distances in which a sublayer is built the same way.</summary>
/// <param name="First">First block, counted from 0.</param>
/// <param name="Count">Number of blocks.</param>
/// <param name="Linears">The linear layers of the sublayer in each of them.</param>
/// <param name="Stride">The distance from one block to the next.</param>
internal sealed record BlockSpan(int First, int Count, EquatableArray<LinearModel> Linears, int Stride = 1)
{
    /// <summary>The last block.</summary>
    public int Last => First + (Count - 1) * Stride;

    /// <summary>Whether a block is one of them.</summary>
    public bool Contains(int block) => block >= First && block <= Last && (block - First) % Stride == 0;

    /// <summary>
    /// The linears of attention that read one input, and are one product where all of them are dense; none of a latent attention.
    /// </summary>
    public IReadOnlyList<LinearModel> QueryKeyValue =>
        Linears.Any(linear => linear.Name == "KeyValueDown")
            ? []
            : [.. Linears.Where(linear => linear.Name is "Query" or "Key" or "Value")];

    /// <summary>The rank of the factored linears, the largest where they differ; 0 when all are dense.</summary>
    public int Rank => Linears.Select(linear => linear.Rank).DefaultIfEmpty(0).Max();
}
