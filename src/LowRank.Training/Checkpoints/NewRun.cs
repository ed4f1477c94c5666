using LowRank.Training.Files;

namespace LowRank.Training.Checkpoints;

/// <summary>A run's folder that holds nothing yet, and the one writer that may begin it.</summary>
internal static class NewRun
{
    /// <summary>Refuses a folder that holds something or is being written, before long work; makes and changes nothing.</summary>
    /// <param name="folder">The folder; new or empty.</param>
    /// <exception cref="InputException">It does, another writer holds it, or it can't be made.</exception>
    public static void Check(string folder)
    {
        CheckpointPlace.Refuse(folder, NewFolder.Place);
        WritableFolder.Check(folder, NewFolder.Place);
        RunLock.RefuseIfHeld(folder);
        if (HoldsSomething(folder))
            throw NewFolder.NotEmpty(folder);
    }

    /// <summary>Takes it. Of several that take one folder the first gets it, and the others are refused.</summary>
    /// <param name="folder">The folder; new or empty.</param>
    /// <returns>The lock, to be held until the folder holds what it is taken for.</returns>
    /// <exception cref="InputException">It holds something, another writer holds it, or it can't be made.</exception>
    public static RunLock Take(string folder)
    {
        // Before the lock, whose file must not come into a folder that is refused.
        Check(folder);
        var held = RunLock.Acquire(folder);
        try
        {
            // Another one may have written all of it between the two.
            return HoldsSomething(folder) ? throw NewFolder.NotEmpty(folder) : held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    // A writer that was killed leaves its lock's files and an unfinished checkpoint, which the next one clears away.
    private static bool HoldsSomething(string folder) =>
        WritableFolder
            .Entries(folder)
            .Any(entry =>
                !Path.GetFileName(entry).StartsWith(RunLock.Name, StringComparison.Ordinal)
                && !(Path.GetFileName(entry) == RunFiles.Checkpoints && new CheckpointFolder(folder).HoldsNothing())
            );
}
