using System.Globalization;

namespace LowRank.Training.Distributed;

/// <summary>How many cores the machine has, of which a launcher may have left a process only some.</summary>
internal static class MachineCores
{
    private const string Online = "/sys/devices/system/cpu/online";

    /// <summary>All cores where the system says so, else those that this process may use.</summary>
    public static int Count()
    {
        try
        {
            return File.Exists(Online) && Parse(File.ReadAllText(Online)) is { } cores ? cores : Environment.ProcessorCount;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessorCount;
        }
    }

    /// <summary>Counts ranges such as <c>0-3,8</c>; null for anything else.</summary>
    internal static int? Parse(string ranges)
    {
        var count = 0;
        foreach (var range in ranges.Trim().Split(','))
        {
            var ends = range.Split('-');
            if (ends.Length > 2 || Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last || last < first)
                return null;
            count += last - first + 1;
        }

        return count;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
