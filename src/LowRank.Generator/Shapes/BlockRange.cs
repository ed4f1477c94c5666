namespace LowRank.Generator.Shapes;

/// <summary>Blocks at equal distances within the depth.</summary>
/// <param name="First">The first of them.</param>
/// <param name="End">One past the last block they may reach.</param>
/// <param name="Stride">The distance from one to the next.</param>
internal readonly record struct BlockRange(int First, int End, int Stride)
{
    public bool Contains(int block) => block >= First && block < End && (block - First) % Stride == 0;

    /// <summary>The first block that both have, or null.</summary>
    public int? FirstShared(BlockRange other)
    {
        var end = Math.Min(End, other.End);
        // Whatever the two have in common they have within one stride of the other's.
        var block = First >= other.First ? First : First + (int)(((long)other.First - First + Stride - 1) / Stride * Stride);
        for (var step = 0; step < other.Stride && block < end; step++, block += Stride)
        {
            if (other.Contains(block))
                return block;
        }

        return null;
    }
}
