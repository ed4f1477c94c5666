using System.Globalization;

namespace LowRank.Training.Weights;

/// <summary>The windows of a model's blocks in a few words.</summary>
internal static class WindowText
{
    public static string Of(IReadOnlyList<int?> windows)
    {
        var groups = windows.Select((window, block) => (window, block)).GroupBy(pair => pair.window, pair => pair.block).ToList();
        return groups.Count == 1
            ? Name(groups[0].Key)
            : string.Join(
                "; ",
                groups.Select(group => $"{Name(group.Key)} in {(group.Count() == 1 ? "block" : "blocks")} {string.Join(", ", group)}")
            );
    }

    private static string Name(int? window) => window?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
