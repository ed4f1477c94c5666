namespace LowRank.Training.Deduplication;

/// <summary>
/// A folder of what one run of a task writes before it is whole. Killed runs leave theirs behind; the next run of the same task removes
/// them.
/// </summary>
internal sealed class TaskScratch : IDisposable
{
    private readonly string path;
    private int files;

    /// <param name="folder">Where the search's files lie.</param>
    /// <param name="task">Names the task among all of the search.</param>
    public TaskScratch(DuplicateFolder folder, string task)
    {
        Directory.CreateDirectory(folder.Scratch);
        foreach (var left in Directory.EnumerateDirectories(folder.Scratch, $"{task}.*"))
            Remove(left);
        path = Path.Combine(folder.Scratch, $"{task}.{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
    }

    /// <summary>The path of a file that doesn't exist yet.</summary>
    public string NewFile() => Path.Combine(path, $"{files++}.bin");

    /// <inheritdoc/>
    public void Dispose() => Remove(path);

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Still open elsewhere, such as in a scanner for viruses: it is in nobody's way.
        }
    }
}
