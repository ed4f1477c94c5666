namespace LowRank.Training.Files;

/// <summary>
/// A folder beside its later place while it is filled. A locked file beside it says that its writer lives; what a killed writer left is
/// removed by the next one of the same place.
/// </summary>
internal sealed class UnfinishedFolder : IDisposable
{
    private const string LockSuffix = ".lock";

    // Where the file system knows no locks: old enough that nobody can still be writing it.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(6);

    // A failed writer takes away the folders that it made, perhaps from under another that found them.
    private const int MostFolders = 20;

    private readonly FileLock held;
    private readonly MadeFolders above;

    private UnfinishedFolder(string path, FileLock held, MadeFolders above) => (Path, this.held, this.above) = (path, held, above);

    /// <summary>The folder to be filled and renamed.</summary>
    public string Path { get; }

    /// <summary>As long a name as is made for a place.</summary>
    public static string LongestName(string place) => AtomicFile.UnfinishedName(place) + LockSuffix;

    /// <summary>Makes one, and removes what killed writers left.</summary>
    /// <param name="place">The full path of its later place.</param>
    public static UnfinishedFolder Begin(string place)
    {
        for (var folders = 1; ; folders++)
        {
            var above = MadeFolders.Make(System.IO.Path.GetDirectoryName(place)!);
            try
            {
                RemoveAbandoned(place);
                return Take(place, above);
            }
            catch (DirectoryNotFoundException) when (folders < MostFolders)
            {
                above.RemoveEmpty();
            }
            catch
            {
                above.RemoveEmpty();
                throw;
            }
        }
    }

    private static UnfinishedFolder Take(string place, MadeFolders above)
    {
        while (true)
        {
            var path = AtomicFile.UnfinishedName(place);
            if (FileLock.Acquire(path + LockSuffix, TimeSpan.Zero, null, CancellationToken.None) is not { } held)
                continue;
            var folder = new UnfinishedFolder(path, held, above);
            try
            {
                Directory.CreateDirectory(path);
                return folder;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
    }

    /// <summary>Removes it, unless it was renamed.</summary>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Path))
                Directory.Delete(Path, recursive: true);
            held.Dispose();
            File.Delete(Path + LockSuffix);
            above.RemoveEmpty();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next writer of the place tries again.
            held.Dispose();
        }
    }

    private static void RemoveAbandoned(string place)
    {
        var found = Directory
            .GetFileSystemEntries(System.IO.Path.GetDirectoryName(place)!)
            .Select(entry => entry.EndsWith(LockSuffix, StringComparison.Ordinal) ? entry[..^LockSuffix.Length] : entry);
        foreach (var folder in found.Where(entry => AtomicFile.IsUnfinished(entry, place)).Distinct(StringComparer.Ordinal))
            RemoveUnlessHeld(folder);
    }

    private static void RemoveUnlessHeld(string folder)
    {
        try
        {
            using (var free = FileLock.Acquire(folder + LockSuffix, TimeSpan.Zero, null, CancellationToken.None))
            {
                if (free is null || (!free.Excludes && DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) <= Abandoned))
                    return;
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
                free.Remove();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, or open in another program: it is in nobody's way.
        }
    }
}
