using LowRank.Training.Wording;

namespace LowRank.Training.Files;

/// <summary>Keeps what a user writes out of checkpoints: a run removes old ones with all that is in them.</summary>
internal static class CheckpointPlace
{
    /// <summary>Refuses a checkpoint, the folder in which a run keeps them, and all beneath; links are followed.</summary>
    /// <param name="path">Where something is to be written.</param>
    /// <param name="name">What asks for it, as messages name it: an <see cref="OptionName"/>, or a text.</param>
    /// <exception cref="InputException">It is there.</exception>
    public static void Refuse(string path, object name)
    {
        // Other checks say what is wrong with these.
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            return;
        // The folder of a run's checkpoints may be a link to one of another name.
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        foreach (var place in new[] { RealPath.OfAny(full), full })
        {
            for (var folder = place; folder is not null; folder = Path.GetDirectoryName(folder))
                RefuseOwn(folder, $"{name} '{path}' {(folder == place ? "is" : "lies within")}");
        }
    }

    private static void RefuseOwn(string folder, FormattableString place)
    {
        if (IsCheckpoint(folder))
            throw InputException.Naming($"{place} the checkpoint '{folder}', which is removed as a whole; choose a folder outside of it.");
        if (IsOfRun(folder))
        {
            throw InputException.Naming(
                $"{place} '{folder}', where a run keeps its checkpoints and removes old ones; choose a folder outside of it."
            );
        }
    }

    // Both files: other programs, too, may call one of theirs checkpoint.json.
    private static bool IsCheckpoint(string folder) =>
        File.Exists(Path.Combine(folder, RunFiles.CheckpointInfo)) && File.Exists(Path.Combine(folder, RunFiles.Model));

    // Others may have a folder of that name.
    private static bool IsOfRun(string path) =>
        Path.GetFileName(path) == RunFiles.Checkpoints
        && Directory.Exists(path)
        && (File.Exists(Path.Combine(path, "..", RunLock.Name)) || Directory.EnumerateDirectories(path).Any(IsOfRunByName));

    private static bool IsOfRunByName(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith(RunFiles.Unfinished, StringComparison.Ordinal)
            || name.StartsWith(RunFiles.Discarded, StringComparison.Ordinal)
            || RunFiles.StepOf(path) >= 0;
    }
}
