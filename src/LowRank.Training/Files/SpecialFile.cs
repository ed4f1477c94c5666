using System.Runtime.InteropServices;

namespace LowRank.Training.Files;

/// <summary>
/// Tells pipes, sockets and devices from files before they are opened: to open a pipe that nobody writes to is to wait for ever.
/// </summary>
internal static partial class SpecialFile
{
    private const int KindMask = 0xF000;

    // The size of neither system's structure, but more than both.
    private const int MoreThanStatus = 512;

    /// <summary>What a path is if no file or folder, such as "a pipe"; links are followed. Null as well where it can't be told.</summary>
    public static string? Kind(string path) =>
        (Mode(path) & KindMask) switch
        {
            0x1000 => "a pipe",
            0x2000 or 0x6000 => "a device",
            0xC000 => "a socket",
            _ => null,
        };

    /// <summary>Refuses one, where a file is wanted.</summary>
    /// <exception cref="IOException">It is one.</exception>
    public static void Refuse(string path)
    {
        if (Kind(path) is { } kind)
            throw new IOException($"'{path}' is {kind}, and not a file.");
    }

    private static int Mode(string path)
    {
        Span<byte> status = stackalloc byte[MoreThanStatus];
        if (OperatingSystem.IsLinux())
        {
            const int FromCurrentFolder = -100;
            const uint TypeAndMode = 3;
            return StatusOnLinux(FromCurrentFolder, path, 0, TypeAndMode, ref status[0]) == 0
                ? MemoryMarshal.Read<ushort>(status[28..])
                : 0;
        }

        if (OperatingSystem.IsMacOS())
        {
            var result =
                RuntimeInformation.ProcessArchitecture == Architecture.X64
                    ? StatusOnIntelMac(path, ref status[0])
                    : StatusOnMac(path, ref status[0]);
            return result == 0 ? MemoryMarshal.Read<ushort>(status[4..]) : 0;
        }

        // Windows has none among its files; what it has (NUL, pipes) its streams refuse.
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatusOnLinux(int folder, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatusOnMac(string path, ref byte status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatusOnIntelMac(string path, ref byte status);
}
