using LowRank.Training.Tokenization;

namespace LowRank.Training.Checkpoints;

/// <summary>Which entries of a checkpoint's folder are its own, and which somebody else has put there.</summary>
internal static class CheckpointContent
{
    // Of a damaged description nothing more is known.
    private static readonly string[] Usual =
    [
        CheckpointFolder.InfoFile,
        Checkpoint.ModelFile,
        Checkpoint.OptimizerFile,
        Checkpoint.TokenizerFile,
        SpecialTokenIds.FileName,
        .. CompanionFiles.Names,
    ];

    /// <summary>Whether all of a checkpoint is gone, and only what was somebody else's is left of its folder.</summary>
    public static bool IsGone(string folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).Any() && !Usual.Any(name => File.Exists(Path.Combine(folder, name)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Moves everything that isn't the checkpoint's own to another folder.</summary>
    /// <param name="checkpoint">The checkpoint's folder.</param>
    /// <param name="place">Where it goes; made when it is needed.</param>
    /// <returns>Whether nothing of it is left in the checkpoint.</returns>
    public static bool MoveOthers(string checkpoint, string place)
    {
        try
        {
            var own = Own(checkpoint);
            foreach (var entry in Directory.GetFileSystemEntries(checkpoint).Where(entry => !IsOwn(entry, own)))
            {
                Directory.CreateDirectory(place);
                Move(entry, Path.Combine(place, Path.GetFileName(entry)));
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays where it is rather than being deleted.
            return false;
        }
    }

    // A checkpoint has no folders within it.
    private static bool IsOwn(string entry, HashSet<string> own) => !Directory.Exists(entry) && own.Contains(Path.GetFileName(entry));

    private static HashSet<string> Own(string checkpoint)
    {
        var own = new HashSet<string>(Usual, StringComparer.Ordinal);
        try
        {
            own.UnionWith(CheckpointInfoFile.Read(Path.Combine(checkpoint, CheckpointFolder.InfoFile)).Files.Select(file => file.Name));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The usual ones, then.
        }

        return own;
    }

    private static void Move(string from, string to)
    {
        var free = to;
        while (Path.Exists(free))
            free += "~";
        if (Directory.Exists(from))
            Directory.Move(from, free);
        else
            File.Move(from, free);
    }
}
