namespace LowRank.Training.Deduplication;

/// <summary>Sets of numbered things that are joined two by two (union by size, with compressed paths).</summary>
internal sealed class DisjointSets
{
    // What stands above; of one that nothing stands above, the size of its set, negative.
    private readonly int[] parents;

    /// <param name="count">Number of things, each a set of its own at first.</param>
    public DisjointSets(int count)
    {
        parents = new int[count];
        Array.Fill(parents, -1);
    }

    /// <summary>The thing that stands for a set.</summary>
    public int Root(int thing)
    {
        var root = thing;
        while (parents[root] >= 0)
            root = parents[root];
        while (parents[thing] >= 0)
            (thing, parents[thing]) = (parents[thing], root);
        return root;
    }

    /// <summary>Number of things in the set that a root stands for.</summary>
    public int Size(int root) => -parents[root];

    /// <summary>Joins two sets. The larger one's root stands for both; of equal ones, that of <paramref name="first"/>.</summary>
    public void Join(int first, int second)
    {
        var (above, below) = (Root(first), Root(second));
        if (above == below)
            return;
        if (Size(above) < Size(below))
            (above, below) = (below, above);
        parents[above] += parents[below];
        parents[below] = above;
    }
}
