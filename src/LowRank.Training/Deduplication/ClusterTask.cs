using LowRank.Training.Files;

namespace LowRank.Training.Deduplication;

/// <summary>
/// Joins pairs into clusters. Kept of each is the root of its union-find tree, which depends on the order of pairs: they are read task by
/// task, as they were written. So does datatrove.
/// </summary>
internal sealed class ClusterTask
{
    private readonly DuplicateFolder folder;
    private readonly int matchTasks;
    private readonly int units;
    private readonly CancellationToken cancellation;
    private readonly NodeSet nodes;
    private long pairs;

    /// <param name="folder">Where the pairs lie.</param>
    /// <param name="matchTasks">Number of their files.</param>
    /// <param name="units">Number of all units.</param>
    /// <param name="cancellation">Abandons it.</param>
    public ClusterTask(DuplicateFolder folder, int matchTasks, int units, CancellationToken cancellation)
    {
        (this.folder, this.matchTasks, this.units, this.cancellation) = (folder, matchTasks, units, cancellation);
        nodes = new NodeSet(units);
    }

    /// <summary>Writes removals and totals.</summary>
    public DuplicateTotals Run()
    {
        Read(
            (first, second) =>
            {
                nodes.Add(first);
                nodes.Add(second);
                pairs++;
            }
        );
        nodes.Seal();
        var sets = new DisjointSets(nodes.Nodes.Length);
        Read((first, second) => sets.Join(nodes.IndexOf(first), nodes.IndexOf(second)));
        var totals = Count(sets);
        WriteRemovals(sets);
        totals.Save(folder.Totals);
        return totals;
    }

    private void Read(Action<ulong, ulong> use)
    {
        var pace = new StopPace(cancellation);
        for (var task = 0; task < matchTasks; task++)
        {
            var path = folder.Pairs(task);
            using var reader = new RecordReader(new RecordSource(path, 0), PairFinder.WordsPerPair, sections: 1);
            while (reader.Read())
            {
                pace.Step();
                Use(reader.Current, path, use);
            }
        }
    }

    private void Use(ReadOnlySpan<ulong> pair, string path, Action<ulong, ulong> use)
    {
        foreach (var node in pair)
        {
            if (DocumentNode.Unit(node) >= units)
                throw InputException.Naming($"'{path}' names unit {DocumentNode.Unit(node)}, but there are {units} only; match again.");
        }

        use(pair[0], pair[1]);
    }

    private DuplicateTotals Count(DisjointSets sets)
    {
        var sizes = new SortedDictionary<long, long>();
        var clusters = 0L;
        for (var node = 0; node < nodes.Nodes.Length; node++)
        {
            if (sets.Root(node) != node)
                continue;
            clusters++;
            sizes[sets.Size(node)] = sizes.GetValueOrDefault(sets.Size(node)) + 1;
        }

        var documents = nodes.Nodes.Length;
        return new DuplicateTotals(
            pairs,
            clusters,
            documents,
            documents - clusters,
            [.. sizes.Select(size => new ClusterSize(size.Key, size.Value))]
        );
    }

    private void WriteRemovals(DisjointSets sets)
    {
        using var scratch = new TaskScratch(folder, "cluster");
        using var writer = new RecordFileWriter(scratch.NewFile(), Removals.WordsPerDocument);
        var unit = 0;
        for (var node = 0; node < nodes.Nodes.Length; node++)
        {
            if (sets.Root(node) == node)
                continue;
            for (; unit < DocumentNode.Unit(nodes.Nodes[node]); unit++)
                writer.EndSection();
            writer.Write([(ulong)DocumentNode.Document(nodes.Nodes[node])]);
        }

        for (; unit < units; unit++)
            writer.EndSection();
        writer.CompleteAs(folder.Removals);
    }
}
