namespace LowRank.Cuda;

/// <summary>Where NVRTC may lie: every CUDA build of libtorch ships it, under a name that differs with version and packer.</summary>
internal static class NvrtcFiles
{
    // What CUDA calls it: the library keeps its name within a major version, and so it did from 11.2 on.
    private static readonly string[] LinuxNames = ["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so"];
    private static readonly string[] WindowsNames = ["nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll"];

    /// <summary>Names that the system's loader may know.</summary>
    public static IReadOnlyList<string> Names => OperatingSystem.IsWindows() ? WindowsNames : LinuxNames;

    /// <summary>Folders to look in, the likeliest first; they need not exist.</summary>
    /// <param name="torch">Path of a library of libtorch; null where it isn't known.</param>
    /// <param name="variable">The environment.</param>
    public static IEnumerable<string> Folders(string? torch, Func<string, string?> variable)
    {
        var folders = new List<string>();
        if (Path.GetDirectoryName(torch) is { Length: > 0 } beside)
        {
            folders.Add(beside);
            // PyTorch's packages for Python: torch/lib is beside nvidia/cu13/lib, or nvidia/cuda_nvrtc/lib.
            folders.AddRange(Packages(Path.GetFullPath(Path.Combine(beside, "..", "..", "nvidia"))));
        }

        folders.AddRange(Native.TorchLibrary.Folders());
        foreach (
            var toolkit in new[] { variable("CUDA_PATH"), variable("CUDA_HOME"), OperatingSystem.IsWindows() ? null : "/usr/local/cuda" }
        )
        {
            if (!string.IsNullOrEmpty(toolkit))
                folders.Add(Path.Combine(toolkit, OperatingSystem.IsWindows() ? "bin" : "lib64"));
        }

        return folders.Distinct(StringComparer.Ordinal);
    }

    /// <summary>The files of a folder that are NVRTC, the newest first.</summary>
    public static IEnumerable<string> In(string folder) =>
        Files(folder, "libnvrtc*.so*", "nvrtc64_*.dll")
            .Where(path => !IsBuiltins(path) && !Path.GetFileName(path).Contains(".alt.", StringComparison.Ordinal));

    /// <summary>
    /// The files of a folder that NVRTC opens by name when it compiles. libtorch's packages hold them under another name than the one it
    /// asks for, which it finds nevertheless once they are loaded.
    /// </summary>
    public static IEnumerable<string> BuiltinsIn(string folder) =>
        Files(folder, "libnvrtc-builtins*.so*", "nvrtc-builtins64_*.dll").Where(IsBuiltins);

    private static bool IsBuiltins(string path) => Path.GetFileName(path).Contains("builtins", StringComparison.Ordinal);

    private static IEnumerable<string> Packages(string folder)
    {
        try
        {
            return Directory.Exists(folder)
                ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(package => Path.Combine(package, "lib"))
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string[] Files(string folder, string linux, string windows)
    {
        try
        {
            return [.. Directory.GetFiles(folder, OperatingSystem.IsWindows() ? windows : linux).OrderDescending(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
