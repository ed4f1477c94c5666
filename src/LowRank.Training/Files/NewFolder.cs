namespace LowRank.Training.Files;

/// <summary>A folder that appears whole under its name or not at all.</summary>
internal static class NewFolder
{
    // Commands and callers of the library name it differently.
    internal const string Place = "The place";

    private const int MostTries = 20;
    private const int PauseMs = 20;

    /// <summary>Refuses a folder that holds something.</summary>
    /// <param name="path">The folder; new or empty.</param>
    /// <param name="beside">Whether it will be written beside its place and renamed, as <see cref="Write"/> does.</param>
    /// <exception cref="InputException">It does, a file has its name, it lies within a checkpoint, or it can't be made.</exception>
    public static void Check(string path, bool beside = false)
    {
        CheckpointPlace.Refuse(path, Place);
        WritableFolder.Check(path, Place);
        if (HoldsSomething(path))
            throw NotEmpty(path);
        if (beside)
            WritableFolder.Check(path, Place, UnfinishedFolder.LongestName(Full(path)));
    }

    /// <summary>Says that a folder holds something.</summary>
    public static InputException NotEmpty(string path) => new($"'{path}' is there already and not empty; name a new folder.");

    /// <summary>Writes into a folder beside it, which is then renamed.</summary>
    /// <param name="path">The folder; new or empty.</param>
    /// <param name="write">Writes the files into the folder that it is given.</param>
    /// <exception cref="InputException">The folder holds something, or can't be made.</exception>
    /// <exception cref="NoSpaceException">There is no room for the files.</exception>
    public static void Write(string path, Action<string> write)
    {
        Check(path, beside: true);
        var full = Full(path);
        try
        {
            using var unfinished = UnfinishedFolder.Begin(full);
            write(unfinished.Path);
            DeleteEmpty(full);
            Directory.Move(unfinished.Path, full);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody else may have written there meanwhile.
            throw HoldsSomething(full)
                ? NotEmpty(path)
                : SystemLimit.Refusal($"'{path}' cannot be written", exception, "choose another folder");
        }
    }

    private static void DeleteEmpty(string full)
    {
        for (var tries = 1; Directory.Exists(full); tries++)
        {
            try
            {
                Directory.Delete(full);
            }
            catch (IOException) when (tries < MostTries && !HoldsSomething(full))
            {
                // Another looks, for an instant, whether it can be written.
                Thread.Sleep(PauseMs);
            }
        }
    }

    private static bool HoldsSomething(string path) => WritableFolder.Entries(path).Any();

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
