using System.Globalization;

namespace LowRank.MemoryProbe;

/// <summary>This process's resident memory as Linux counts it, in bytes.</summary>
internal static class ResidentMemory
{
    public static long Current => Read("VmRSS:");

    public static long Peak => Read("VmHWM:");

    /// <summary>Lets the peak begin anew at the current value (proc(5), clear_refs).</summary>
    public static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static long Read(string name)
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
