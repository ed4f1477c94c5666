using System.Runtime.InteropServices;

namespace LowRank.Native;

/// <summary>
/// Lets libtorch's OpenMP threads sleep between parallel regions instead of spinning. Spinning threads that share their cores with
/// anything else stall a training step for up to seconds; sleeping ones cost some microseconds a region. A value that the user has set
/// stays.
/// </summary>
internal static class OpenMpSettings
{
    /// <summary>Sets the policy. libgomp reads it when it is loaded, so this has to come before the first call into TorchSharp.</summary>
    public static void Apply()
    {
        // Environment.SetEnvironmentVariable changes .NET's own copy, which native code doesn't see.
        if (OperatingSystem.IsLinux())
            _ = setenv("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
    }

    [DllImport("libc", CharSet = CharSet.Ansi, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setenv(
        [MarshalAs(UnmanagedType.LPStr)] string name,
        [MarshalAs(UnmanagedType.LPStr)] string value,
        int overwrite
    );
}
