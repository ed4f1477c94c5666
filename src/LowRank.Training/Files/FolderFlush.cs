using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LowRank.Training.Files;

/// <summary>
/// Makes the names in a folder survive a power cut. On Unix a folder is flushed like a file; Windows writes names through by itself.
/// </summary>
internal static partial class FolderFlush
{
    public static void ToDisk(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            return;
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        // Some file systems refuse to flush a folder; the rename is then as safe as they make it.
        _ = Flush(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int descriptor);
}
