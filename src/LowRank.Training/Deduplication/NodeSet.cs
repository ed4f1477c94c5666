namespace LowRank.Training.Deduplication;

/// <summary>
/// The documents that occur in pairs, numbered in ascending order. Most occur in several buckets; memory is needed for each but once,
/// and for as many again while they are gathered.
/// </summary>
internal sealed class NodeSet
{
    private const int DefaultLeast = 1 << 20;

    private readonly int least;
    private readonly int[] unitStarts;
    private ulong[] nodes = [];
    private ulong[] fresh;
    private int freshCount;

    /// <param name="units">Number of all units.</param>
    /// <param name="least">How many are gathered at least before they are sorted.</param>
    public NodeSet(int units, int least = DefaultLeast)
    {
        this.least = least;
        unitStarts = new int[units + 1];
        fresh = new ulong[Math.Min(least, 1024)];
    }

    /// <summary>The documents; complete after <see cref="Seal"/>.</summary>
    public ReadOnlySpan<ulong> Nodes => nodes;

    /// <summary>Adds a document, perhaps again.</summary>
    public void Add(ulong node)
    {
        if (freshCount == fresh.Length)
        {
            if (freshCount >= Math.Max(least, nodes.Length))
                Merge();
            else
                Array.Resize(ref fresh, fresh.Length * 2);
        }

        fresh[freshCount++] = node;
    }

    /// <summary>Numbers the documents; none can be added afterwards.</summary>
    public void Seal()
    {
        Merge();
        fresh = [];
        var index = 0;
        for (var unit = 0; unit < unitStarts.Length; unit++)
        {
            while (index < nodes.Length && DocumentNode.Unit(nodes[index]) < unit)
                index++;
            unitStarts[unit] = index;
        }
    }

    /// <summary>A document's number.</summary>
    public int IndexOf(ulong node)
    {
        // A unit's own are few enough to lie in the processor's cache.
        var unit = DocumentNode.Unit(node);
        var start = unitStarts[unit];
        return start + nodes.AsSpan(start, unitStarts[unit + 1] - start).BinarySearch(node);
    }

    private void Merge()
    {
        var added = fresh.AsSpan(0, freshCount);
        added.Sort();
        var merged = new ulong[nodes.Length + Distinct(added)];
        var (old, next, count) = (0, 0, 0);
        while (old < nodes.Length || next < added.Length)
        {
            var node = next == added.Length || (old < nodes.Length && nodes[old] <= added[next]) ? nodes[old++] : added[next++];
            if (count == 0 || merged[count - 1] != node)
                merged[count++] = node;
        }

        nodes = count == merged.Length ? merged : merged[..count];
        freshCount = 0;
    }

    private static int Distinct(ReadOnlySpan<ulong> sorted)
    {
        var count = 0;
        for (var index = 0; index < sorted.Length; index++)
        {
            if (index == 0 || sorted[index] != sorted[index - 1])
                count++;
        }

        return count;
    }
}
