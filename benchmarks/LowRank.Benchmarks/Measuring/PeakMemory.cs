using System.Globalization;

namespace LowRank.Benchmarks.Measuring;

/// <summary>Resident memory of a process, as Linux counts it; 0 elsewhere.</summary>
internal static class PeakMemory
{
    /// <summary>The highest so far, in bytes.</summary>
    public static long Of(int process) => Read(process, "VmHWM:");

    /// <summary>What it is now, in bytes.</summary>
    public static long Now(int process) => Read(process, "VmRSS:");

    /// <summary>Lets the highest of this process be what it is now, where the system can.</summary>
    /// <returns>What it is now, in bytes.</returns>
    public static long Reset()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText("/proc/self/clear_refs", "5");
        return Now(Environment.ProcessId);
    }

    private static long Read(int process, string key)
    {
        var path = $"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status";
        if (!File.Exists(path))
            return 0;
        var line = File.ReadLines(path).First(line => line.StartsWith(key, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
