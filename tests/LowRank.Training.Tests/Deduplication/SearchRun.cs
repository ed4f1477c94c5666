using LowRank.Training.Deduplication;

namespace LowRank.Training.Tests.Deduplication;

/// <summary>Runs a whole search over texts.</summary>
internal static class SearchRun
{
    public static DuplicateTotals All(DuplicateSearch search, params IReadOnlyList<string>[] units)
    {
        for (var unit = 0; unit < units.Length; unit++)
            Sign(search, unit, units[unit]);
        return MatchAndCluster(search, units.Length);
    }

    public static void Sign(DuplicateSearch search, int unit, IReadOnlyList<string> texts)
    {
        using var signer = search.OpenUnit(unit);
        for (var document = 0; document < texts.Count; document++)
            signer.Add(document, texts[document]);
        signer.Complete(CancellationToken.None);
    }

    public static DuplicateTotals MatchAndCluster(DuplicateSearch search, int units)
    {
        for (var task = 0; task < search.MatchTasks; task++)
            search.Match(task, units, CancellationToken.None);
        return search.Cluster(units, CancellationToken.None);
    }

    /// <summary>The places of the documents of a unit that are kept.</summary>
    public static int[] Kept(DuplicateSearch search, int unit, int documents)
    {
        var removals = search.LoadRemovals(unit);
        return [.. Enumerable.Range(0, documents).Where(document => !removals.Contains(document))];
    }

    /// <summary>All files of a search, by their names, without those that nobody reads again.</summary>
    public static SortedDictionary<string, byte[]> Files(DuplicateSearch search) =>
        new(
            Directory
                .EnumerateFiles(search.Folder.FullPath, "*", SearchOption.AllDirectories)
                .Where(path => !path.StartsWith(search.Folder.Scratch, StringComparison.Ordinal))
                .ToDictionary(path => Path.GetRelativePath(search.Folder.FullPath, path), File.ReadAllBytes),
            StringComparer.Ordinal
        );
}
