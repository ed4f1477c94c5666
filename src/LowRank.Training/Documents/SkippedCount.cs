using System.Globalization;

namespace LowRank.Training.Documents;

/// <summary>Says in one line what was passed over.</summary>
internal static class SkippedCount
{
    /// <summary>A folder may hold files of hundreds of kinds.</summary>
    private const int MostReasons = 12;

    /// <summary>Such as "12 not UTF-8, 3 .json"; the most frequent reason first.</summary>
    public static string ByReason(IReadOnlyList<SkippedText> skipped)
    {
        var reasons = skipped
            .GroupBy(file => file.Reason, StringComparer.Ordinal)
            .Select(files => (Count: files.Count(), Reason: files.Key))
            .OrderByDescending(files => files.Count)
            .ThenBy(files => files.Reason, StringComparer.Ordinal)
            .ToList();
        var named = reasons.Take(MostReasons).Select(files => Number(files.Count) + " " + files.Reason);
        var others = reasons.Skip(MostReasons).Sum(files => files.Count);
        return string.Join(", ", others > 0 ? named.Append(Number(others) + " for other reasons") : named);
    }

    /// <summary>The same in brackets behind a sentence; nothing when nothing was passed over.</summary>
    public static string InBrackets(IReadOnlyList<SkippedText> skipped) => skipped.Count == 0 ? "" : $" (passed over: {ByReason(skipped)})";

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
