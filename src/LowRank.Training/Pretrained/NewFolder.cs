using LowRank.Training.Data;

namespace LowRank.Training.Pretrained;

/// <summary>A folder that appears whole under its name or not at all.</summary>
internal static class NewFolder
{
    // Commands and callers of the library name it differently.
    private const string Place = "The place";

    /// <summary>Refuses a folder that holds something.</summary>
    /// <param name="path">The folder; new or empty.</param>
    /// <param name="beside">Whether it will be written beside its place and renamed, as <see cref="Write"/> does.</param>
    /// <exception cref="InputException">It does, a file has its name, or it can't be made.</exception>
    public static void Check(string path, bool beside = false)
    {
        WritableFolder.Check(path, Place);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new InputException($"'{path}' is there already and not empty; name a new folder.");
        if (beside)
            WritableFolder.Check(path, Place, Temporary(path));
    }

    /// <summary>Writes into a folder beside it, which is then renamed.</summary>
    /// <param name="path">The folder; new or empty.</param>
    /// <param name="write">Writes the files into the folder that it is given.</param>
    /// <exception cref="InputException">The folder holds something, or can't be made.</exception>
    public static void Write(string path, Action<string> write)
    {
        Check(path, beside: true);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = Temporary(path);
        try
        {
            Directory.CreateDirectory(temporary);
            write(temporary);
            if (Directory.Exists(full))
                Directory.Delete(full);
            Directory.Move(temporary, full);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {exception.Message}");
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    private static string Temporary(string path) => $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))}.{Guid.NewGuid():N}.tmp";
}
