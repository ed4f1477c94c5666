using System.ComponentModel;
using System.Diagnostics;

namespace LowRank.Cuda;

/// <summary>The native libraries that this process has loaded.</summary>
internal static class LoadedModules
{
    /// <summary>Path of the first of some libraries that is loaded; null if none is.</summary>
    /// <param name="names">File names.</param>
    public static string? Find(params ReadOnlySpan<string> names)
    {
        using var process = Process.GetCurrentProcess();
        try
        {
            foreach (ProcessModule module in process.Modules)
            {
                foreach (var name in names)
                {
                    if (string.Equals(Path.GetFileName(module.FileName), name, StringComparison.OrdinalIgnoreCase))
                        return module.FileName;
                }
            }
        }
        catch (Win32Exception)
        {
            // The system doesn't tell. Whoever asks goes on by the library's name.
        }

        return null;
    }
}
