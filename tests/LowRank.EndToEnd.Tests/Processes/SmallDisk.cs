using System.Runtime.InteropServices;

namespace LowRank.EndToEnd.Tests.Processes;

/// <summary>A file system of a few megabytes in memory.</summary>
internal sealed partial class SmallDisk : IDisposable
{
    private const int Lazily = 2; // MNT_DETACH: also while a failed test still holds a file open.

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts it; null where that isn't allowed or the system has none.</summary>
    public static SmallDisk? TryMount(string path, int megabytes)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Directory.CreateDirectory(path);
        return Mount("tmpfs", path, "tmpfs", 0, FormattableString.Invariant($"size={megabytes}m")) == 0 ? new SmallDisk(path) : null;
    }

    public void Dispose() => _ = Unmount(Path, Lazily);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Mount(string source, string target, string kind, nuint flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmount(string target, int flags);
}
