namespace LowRank.Training.Deduplication;

/// <summary>
/// A search for duplicates among the documents of numbered units, as tasks that can run in any order within a stage, in any number of
/// processes: <see cref="OpenUnit"/> for every unit, then <see cref="Match"/> for every task, then <see cref="Cluster"/>. Each writes
/// its files whole or not at all, the same bytes however often it is begun. Who calls them remembers which are done, and lets no two
/// processes run the same one at the same time.
/// </summary>
internal abstract class DuplicateSearch
{
    /// <param name="folder">Where its files lie; of this search alone.</param>
    /// <param name="matchTasks">Number of parts in which signatures are compared.</param>
    protected DuplicateSearch(DuplicateFolder folder, int matchTasks) => (Folder, MatchTasks) = (folder, matchTasks);

    /// <summary>Number of match tasks; fixed by the options.</summary>
    public int MatchTasks { get; }

    /// <summary>Where the files lie.</summary>
    public DuplicateFolder Folder { get; }

    /// <summary>First stage: begins the signatures of a unit.</summary>
    /// <param name="unit">Its number, from 0.</param>
    public abstract UnitSigner OpenUnit(int unit);

    /// <summary>Second stage: writes the pairs of documents with equal signatures in one part. All units are signed.</summary>
    /// <param name="task">From 0 to below <see cref="MatchTasks"/>.</param>
    /// <param name="units">Number of all units.</param>
    /// <param name="cancellation">Abandons it; nothing is written then.</param>
    /// <returns>Number of pairs.</returns>
    /// <exception cref="InputException">The signatures of a unit are missing or damaged.</exception>
    public abstract long Match(int task, int units, CancellationToken cancellation);

    /// <summary>Third stage: joins pairs into clusters and writes which documents are removed: all but one of each. All tasks are matched.</summary>
    /// <param name="units">Number of all units.</param>
    /// <param name="cancellation">Abandons it.</param>
    /// <exception cref="InputException">Pairs of a task are missing or damaged.</exception>
    public abstract DuplicateTotals Cluster(int units, CancellationToken cancellation);

    /// <summary>What <see cref="Cluster"/> returned.</summary>
    /// <exception cref="InputException">The file is missing or damaged.</exception>
    public abstract DuplicateTotals LoadTotals();

    /// <summary>The documents of a unit that are removed.</summary>
    /// <exception cref="InputException">Nothing has been clustered, or the file is damaged.</exception>
    public abstract Removals LoadRemovals(int unit);

    /// <summary>Deletes signatures and pairs, which are many times larger than what comes of them. For after <see cref="Cluster"/>.</summary>
    public abstract void DiscardSignatures();
}
