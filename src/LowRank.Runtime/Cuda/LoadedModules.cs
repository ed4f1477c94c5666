using System.ComponentModel;
using System.Diagnostics;

namespace LowRank.Cuda;

/// <summary>The native libraries that this process has loaded.</summary>
internal static class LoadedModules
{
    /// <summary>Path of the first of some libraries that is loaded; null if none is.</summary>
    /// <param name="names">File names.</param>
    public static string? Find(params string[] names) =>
        Paths().Find(path => names.Contains(Path.GetFileName(path), StringComparer.OrdinalIgnoreCase));

    /// <summary>Paths of all; none where the system doesn't tell.</summary>
    public static List<string> Paths()
    {
        using var process = Process.GetCurrentProcess();
        try
        {
            return [.. process.Modules.Cast<ProcessModule>().Select(module => module.FileName)];
        }
        catch (Win32Exception)
        {
            // Whoever asks goes on by the library's name.
            return [];
        }
    }
}
