namespace LowRank.Training.Tests.Deduplication;

/// <summary>What the reference keeps, found slowly: lists that are sorted, sets in a dictionary.</summary>
internal static class ReferenceClusters
{
    public static HashSet<(int Unit, int Document)> Removed(
        IReadOnlyList<(ulong[] Minima, (int Unit, int Document) Node)> signatures,
        int buckets
    )
    {
        var parents = new Dictionary<(int, int), (int, int)>();
        var sizes = new Dictionary<(int, int), int>();
        (int, int) Parent((int, int) node)
        {
            if (!parents.TryGetValue(node, out var parent))
                parents[node] = parent = node;
            return parent == node ? node : Parent(parent);
        }

        foreach (var (first, second) in Enumerable.Range(0, buckets).SelectMany(bucket => Pairs(signatures, bucket, buckets)))
        {
            var (a, b) = (Parent(first), Parent(second));
            if (a == b)
                continue;
            if (sizes.GetValueOrDefault(a, 1) < sizes.GetValueOrDefault(b, 1))
                (a, b) = (b, a);
            parents[b] = a;
            sizes[a] = sizes.GetValueOrDefault(a, 1) + sizes.GetValueOrDefault(b, 1);
        }

        return [.. parents.Keys.ToList().Where(node => Parent(node) != node)];
    }

    // Neighbors in the order of signature, unit and place.
    private static IEnumerable<((int, int) First, (int, int) Second)> Pairs(
        IReadOnlyList<(ulong[] Minima, (int Unit, int Document) Node)> signatures,
        int bucket,
        int buckets
    )
    {
        var size = signatures[0].Minima.Length / buckets;
        var sorted = signatures
            .Select(signature => (Text: Key(signature.Minima.AsSpan(bucket * size, size)), signature.Node))
            .OrderBy(signature => signature.Text, StringComparer.Ordinal)
            .ThenBy(signature => signature.Node)
            .ToList();
        return sorted
            .Zip(sorted.Skip(1))
            .Where(pair => pair.First.Text == pair.Second.Text)
            .Select(pair => (pair.First.Node, pair.Second.Node));
    }

    private static string Key(ReadOnlySpan<ulong> signature)
    {
        var key = "";
        foreach (var value in signature)
            key += value.ToString("X16", System.Globalization.CultureInfo.InvariantCulture);
        return key;
    }
}
