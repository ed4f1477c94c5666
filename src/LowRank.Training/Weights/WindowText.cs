using System.Globalization;

namespace LowRank.Training.Weights;

/// <summary>The windows of a model's blocks in a few words.</summary>
internal static class WindowText
{
    public static string Of(IReadOnlyList<int?> windows) =>
        BlockText.Of(windows, window => window?.ToString(CultureInfo.InvariantCulture) ?? "none");
}
