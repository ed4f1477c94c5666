using System.Globalization;

namespace LowRank.Training.Deduplication;

/// <summary>
/// A search for duplicates among the documents of numbered units, as tasks that can run in any order within a stage, in any number of
/// processes: <see cref="OpenUnit"/> for every unit, then <see cref="Match"/> for every task, then <see cref="Cluster"/>. Each writes
/// its files whole or not at all, the same bytes however often it is begun. Who calls them remembers which are done, and lets no two
/// processes run the same one at the same time.
/// </summary>
internal abstract class DuplicateSearch
{
    private readonly int signatureWords;
    private readonly SearchLimits limits;

    /// <param name="folder">Where its files lie; of this search alone.</param>
    /// <param name="matchTasks">Number of parts in which signatures are compared.</param>
    /// <param name="signatureWords">64-bit words of a signature.</param>
    /// <param name="limits">What a task takes of the machine; null for the defaults.</param>
    protected DuplicateSearch(DuplicateFolder folder, int matchTasks, int signatureWords, SearchLimits? limits)
    {
        (Folder, MatchTasks) = (folder, matchTasks);
        (this.signatureWords, this.limits) = (signatureWords, limits ?? new SearchLimits());
    }

    /// <summary>Number of match tasks; fixed by the options.</summary>
    public int MatchTasks { get; }

    /// <summary>Where the files lie.</summary>
    public DuplicateFolder Folder { get; }

    /// <summary>First stage: begins the signatures of a unit.</summary>
    /// <param name="unit">Its number, from 0.</param>
    public abstract UnitSigner OpenUnit(int unit);

    /// <summary>
    /// Second stage: writes the pairs of documents with equal signatures in one part, each document with the one before it in the order
    /// of units and places. All units are signed.
    /// </summary>
    /// <param name="task">From 0 to below <see cref="MatchTasks"/>.</param>
    /// <param name="units">Number of all units.</param>
    /// <param name="cancellation">Abandons it; nothing is written then.</param>
    /// <returns>Number of pairs.</returns>
    /// <exception cref="InputException">The signatures of a unit are missing or damaged.</exception>
    public long Match(int task, int units, CancellationToken cancellation)
    {
        using var scratch = new TaskScratch(Folder, $"match-{task.ToString("D4", CultureInfo.InvariantCulture)}");
        using var pairs = new RecordFileWriter(scratch.NewFile(), PairFinder.WordsPerPair);
        var finder = new PairFinder(signatureWords, pairs);
        var sources = Enumerable.Range(0, units).Select(unit => new RecordSource(Folder.Signatures(unit), task)).ToList();
        new RecordMerge(signatureWords + 1, limits.OpenFiles, scratch).Merge(sources, MatchTasks, finder.Add, cancellation);
        pairs.EndSection();
        pairs.CompleteAs(Folder.Pairs(task));
        return finder.Pairs;
    }

    /// <summary>
    /// Third stage: joins pairs into clusters and writes which documents are removed: all but one of each. All tasks are matched.
    /// </summary>
    /// <param name="units">Number of all units.</param>
    /// <param name="cancellation">Abandons it.</param>
    /// <exception cref="InputException">Pairs of a task are missing or damaged.</exception>
    public DuplicateTotals Cluster(int units, CancellationToken cancellation) =>
        new ClusterTask(Folder, MatchTasks, units, cancellation).Run();

    /// <summary>What <see cref="Cluster"/> returned.</summary>
    /// <exception cref="InputException">Nothing has been clustered, or the file is damaged.</exception>
    public DuplicateTotals LoadTotals() => DuplicateTotals.Load(Folder.Totals);

    /// <summary>The documents of a unit that are removed.</summary>
    /// <exception cref="InputException">Nothing has been clustered, or the file is damaged.</exception>
    public Removals LoadRemovals(int unit) => Removals.Load(Folder.Removals, unit);

    /// <summary>
    /// Deletes signatures and pairs, which are many times larger than what comes of them. For after <see cref="Cluster"/>.
    /// </summary>
    public void DiscardSignatures()
    {
        foreach (var folder in new[] { Folder.AllSignatures, Folder.AllPairs, Folder.Scratch })
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What takes the signatures of a unit.</summary>
    private protected RecordSpool SpoolOf(int unit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unit);
        var scratch = new TaskScratch(Folder, $"sign-{unit.ToString("D6", CultureInfo.InvariantCulture)}");
        return new RecordSpool(Folder.Signatures(unit), scratch, MatchTasks, signatureWords + 1, limits);
    }
}
