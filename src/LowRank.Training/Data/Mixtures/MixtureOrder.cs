namespace LowRank.Training.Data.Mixtures;

/// <summary>
/// Which source each sequence of a mixture comes from, as a function of its number alone. The sequences are taken in blocks of as many as
/// there are parts; in each block every source has as many as its parts, in an order shuffled anew. So the shares of whole blocks are
/// exact, and nothing has to be kept for a resumed run.
/// </summary>
internal sealed class MixtureOrder
{
    // Another order than that of any source's windows.
    private const long OwnSeed = 0x6D69787475726573;

    private readonly int[] parts;

    /// <summary>Where the parts of each source end.</summary>
    private readonly int[] ends;
    private readonly long seed;

    /// <param name="parts">The parts of each source; each at least 1.</param>
    /// <param name="seed">Chooses the order.</param>
    public MixtureOrder(IReadOnlyList<int> parts, long seed)
    {
        this.parts = [.. parts];
        this.seed = seed ^ OwnSeed;
        ends = new int[this.parts.Length];
        for (var source = 0; source < ends.Length; source++)
            ends[source] = Block += this.parts[source];
    }

    /// <summary>Sequences of a block: all parts.</summary>
    public int Block { get; }

    /// <summary>The source of a sequence, and which of the source's sequences it is, all from 0.</summary>
    public (int Source, long Index) this[long position]
    {
        get
        {
            var (block, place) = Math.DivRem(position, Block);
            var rank = (int)new IndexPermutation(Block, seed, block)[place];
            var source = 0;
            while (rank >= ends[source])
                source++;
            return (source, checked((block * parts[source]) + rank - (ends[source] - parts[source])));
        }
    }

    /// <summary>How many of the first <paramref name="count"/> sequences come from a source.</summary>
    public long CountOf(int source, long count)
    {
        var (blocks, rest) = Math.DivRem(count, Block);
        var found = checked(blocks * parts[source]);
        for (var position = count - rest; position < count; position++)
            found += this[position].Source == source ? 1 : 0;
        return found;
    }
}
