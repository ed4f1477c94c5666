namespace LowRank.Training.Files;

/// <summary>Makes a folder, and takes back what it made where nothing came of it.</summary>
/// <param name="folders">The folders that were missing, the deepest first.</param>
internal sealed class MadeFolders(IReadOnlyList<string> folders)
{
    /// <summary>Makes a folder and those above it.</summary>
    public static MadeFolders Make(string path)
    {
        var missing = new List<string>();
        for (var folder = Path.GetFullPath(path); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            missing.Add(folder);
        Directory.CreateDirectory(path);
        return new MadeFolders(missing);
    }

    /// <summary>Removes those that are empty.</summary>
    public void RemoveEmpty()
    {
        try
        {
            foreach (var folder in folders.Where(Directory.Exists))
                Directory.Delete(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Something lies in it, and so in those above it.
        }
    }
}
