namespace LowRank.Training.Pretrained;

/// <summary>A folder that appears whole under its name or not at all.</summary>
internal static class NewFolder
{
    /// <summary>Refuses a folder that holds something.</summary>
    /// <exception cref="InputException">It does, or a file has its name.</exception>
    public static void Check(string path)
    {
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new InputException($"'{path}' is there already and not empty; name a new folder.");
    }

    /// <summary>Writes into a folder beside it, which is then renamed.</summary>
    /// <param name="path">The folder; new or empty.</param>
    /// <param name="write">Writes the files into the folder that it is given.</param>
    /// <exception cref="InputException">The folder holds something, or can't be made.</exception>
    public static void Write(string path, Action<string> write)
    {
        Check(path);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
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
}
