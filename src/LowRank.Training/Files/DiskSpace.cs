namespace LowRank.Training.Files;

/// <summary>How much can still be written where.</summary>
internal static class DiskSpace
{
    /// <summary>Free bytes of the disk on which a folder lies, or would lie; null where the system doesn't say.</summary>
    public static long? Free(string path)
    {
        var folder = new DirectoryInfo(Path.GetFullPath(path));
        while (!folder.Exists && folder.Parent is { } parent)
            folder = parent;
        try
        {
            // Windows knows drives by their letters alone; elsewhere every folder has a file system.
            var drive = new DriveInfo(OperatingSystem.IsWindows() ? folder.Root.FullName : folder.FullName);
            return drive.TotalSize > 0 ? drive.AvailableFreeSpace : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A share without a letter, or a file system that has no such number: writing will tell.
            return null;
        }
    }
}
