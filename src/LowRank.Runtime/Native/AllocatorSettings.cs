using System.Runtime.InteropServices;

namespace LowRank.Native;

/// <summary>
/// Keeps glibc's allocator from handing the activations of every step back to the system, only to have them zeroed and mapped again page
/// by page in the next. Memory that was needed once stays with the process. Values that the user
/// has set by <c>MALLOC_TRIM_THRESHOLD_</c> or <c>MALLOC_MMAP_THRESHOLD_</c> stay.
/// </summary>
internal static class AllocatorSettings
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;

    // The largest that glibc takes.
    private const int LargestMapThreshold = 32 << 20;

    /// <summary>Sets what the user hasn't. Holds from the next allocation on.</summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            Set(TrimThreshold, int.MaxValue, "MALLOC_TRIM_THRESHOLD_");
            Set(MapThreshold, LargestMapThreshold, "MALLOC_MMAP_THRESHOLD_");
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc.
        }
    }

    private static void Set(int parameter, int value, string variable)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
            _ = mallopt(parameter, value);
    }

    [DllImport("libc", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int mallopt(int parameter, int value);
}
