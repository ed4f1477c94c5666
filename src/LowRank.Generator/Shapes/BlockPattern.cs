namespace LowRank.Generator.Shapes;

/// <summary>
/// The depth cut into intervals within which the same blocks return at equal distances, however the declared ranges lie. The depth
/// itself is never walked: a billion blocks take no longer than four.
/// </summary>
internal sealed class BlockPattern
{
    /// <summary>The longest pattern that strides may make together; a check refuses longer ones.</summary>
    public const int LongestPeriod = 1_024;

    private readonly List<int> cuts;
    private readonly int period;

    public BlockPattern(IEnumerable<BlockSet> sets, int depth)
    {
        var ranges = sets.SelectMany(set => set.Ranges).ToList();
        cuts = ranges.SelectMany(range => new[] { range.First, range.End }).Concat([0, depth]).Distinct().OrderBy(cut => cut).ToList();
        // Beyond the longest period the answer does not matter any more, only that there is one.
        period = (int)Math.Min(Period(ranges.Select(range => range.Stride)), LongestPeriod);
    }

    /// <summary>After how many blocks the strides return to where they were.</summary>
    public static long Period(IEnumerable<int> strides) =>
        strides
            .Distinct()
            .Aggregate(1L, (period, stride) => period > LongestPeriod ? period : period / GreatestCommonDivisor(period, stride) * stride);

    /// <summary>Groups blocks by what a function finds in them; blocks where it finds null belong to no group.</summary>
    public IEnumerable<(T Found, int First, int Count, int Stride)> Group<T>(Func<int, T?> find)
        where T : struct, IEquatable<T>
    {
        for (var i = 0; i + 1 < cuts.Count; i++)
        {
            var (start, length) = (cuts[i], cuts[i + 1] - cuts[i]);
            var found = Enumerable
                .Range(0, Math.Min(period, length))
                .Select(offset => (Offset: offset, Value: find(start + offset)))
                .Where(pair => pair.Value is not null)
                .GroupBy(pair => pair.Value!.Value, pair => pair.Offset);
            foreach (var group in found)
            {
                foreach (var (offset, stride) in Progressions(group.ToList(), Math.Min(period, length)))
                {
                    var count = (length - offset + stride - 1) / stride;
                    yield return (group.Key, start + offset, count, count == 1 ? 1 : stride);
                }
            }
        }
    }

    // Offsets that are all the multiples of a divisor, shifted, are one progression; any others stand alone.
    private static IEnumerable<(int Offset, int Stride)> Progressions(List<int> offsets, int length)
    {
        var stride = length / offsets.Count;
        var isOne =
            stride * offsets.Count == length
            && offsets[0] < stride
            && offsets.Select((offset, index) => offset - index * stride).All(first => first == offsets[0]);
        return isOne ? [(offsets[0], stride)] : offsets.Select(offset => (offset, length));
    }

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
