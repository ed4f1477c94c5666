namespace LowRank.Training.Checkpoints;

/// <summary>
/// Reads a checkpoint beside a run that goes on: where the one that was opened is removed meanwhile, a newer one is there.
/// </summary>
internal static class NewestCheckpoint
{
    // A run removes a checkpoint after two more were written; reading rarely takes that long, and hardly ever many times.
    private const int Tries = 8;

    /// <summary>Opens and reads; again where a run was named and the checkpoint was removed before it was read.</summary>
    /// <param name="path">What was named: a run's folder, or a checkpoint's, of which there is no newer one.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="read">Reads all that is needed of it. What this makes and doesn't return is disposed when it fails.</param>
    /// <exception cref="InputException">It can't be opened or read, or a named checkpoint is gone.</exception>
    public static T Read<T>(string path, Func<Checkpoint> open, Func<Checkpoint, T> read)
    {
        for (var left = Tries; ; left--)
        {
            var checkpoint = open();
            try
            {
                return read(checkpoint);
            }
            catch (Exception exception)
                when (exception is InputException or IOException && left > 1 && IsOfRun(checkpoint, path) && checkpoint.IsGone)
            {
                // The failure is that of its removal.
            }
        }
    }

    /// <summary>The same, beginning with a checkpoint that is open already.</summary>
    /// <param name="path">What was named.</param>
    /// <param name="opened">What was opened there earlier; null for nothing.</param>
    /// <param name="report">Is told which damaged checkpoints were passed over.</param>
    /// <param name="read">Reads all that is needed of it.</param>
    public static T Read<T>(string path, Checkpoint? opened, Action<string>? report, Func<Checkpoint, T> read)
    {
        return Read(path, Open, read);

        Checkpoint Open()
        {
            var first = opened;
            opened = null;
            return first ?? Checkpoint.Open(path, report);
        }
    }

    // Else it is the one that was named, and no other will do.
    private static bool IsOfRun(Checkpoint checkpoint, string path) => !string.Equals(checkpoint.Folder, path, StringComparison.Ordinal);
}
