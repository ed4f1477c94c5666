namespace LowRank.Training.Pipelines;

/// <summary>Counts by name, in ordinal order, so that the same counts are the same file.</summary>
internal static class Counts
{
    /// <summary>No counts.</summary>
    public static IReadOnlyDictionary<string, long> None { get; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The sums of some counts, name by name.</summary>
    public static IReadOnlyDictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> all)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, count) in all.SelectMany(counts => counts))
            sums[name] = sums.GetValueOrDefault(name) + count;
        return sums;
    }

    /// <summary>The sums of some lists of counts, place by place.</summary>
    public static IReadOnlyList<long> Sum(IEnumerable<IReadOnlyList<long>> all)
    {
        var sums = new List<long>();
        foreach (var counts in all)
        {
            while (sums.Count < counts.Count)
                sums.Add(0);
            for (var place = 0; place < counts.Count; place++)
                sums[place] += counts[place];
        }

        return sums;
    }
}
