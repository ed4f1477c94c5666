using System.Runtime.InteropServices;

namespace LowRank.Native;

/// <summary>
/// Environment variables that native libraries read. Outside Windows <see cref="Environment.SetEnvironmentVariable(string, string)"/>
/// changes .NET's own copy, which native code doesn't see.
/// </summary>
internal static class NativeEnvironment
{
    /// <summary>Sets a variable for native code and .NET. Libraries that have read it already don't learn of it.</summary>
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows())
            _ = setenv(name, value, overwrite: 1);
    }

    /// <summary>Sets a variable for native code alone, unless it has a value.</summary>
    public static void SetDefault(string name, string value)
    {
        if (!OperatingSystem.IsWindows())
            _ = setenv(name, value, overwrite: 0);
    }

    [DllImport("libc", CharSet = CharSet.Ansi, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setenv(
        [MarshalAs(UnmanagedType.LPStr)] string name,
        [MarshalAs(UnmanagedType.LPStr)] string value,
        int overwrite
    );
}
