using System.Globalization;
using LowRank.Training.Files;

namespace LowRank.Training.Checkpoints;

/// <summary>
/// The checkpoints of one run: folders <c>step-000000123</c>, each written under a temporary name, flushed to the disk and renamed, so
/// that a folder of that name is whole whatever happens to the process or the machine. One writer at a time: the trainer and
/// <see cref="ModelCheckpoint.Save"/> hold the run's lock meanwhile.
/// </summary>
/// <param name="run">The run's folder.</param>
internal sealed class CheckpointFolder(string run)
{
    /// <summary>The file that describes a checkpoint, written last.</summary>
    public const string InfoFile = RunFiles.CheckpointInfo;

    private const char Again = '~';

    /// <summary>How many are kept.</summary>
    internal const int Kept = 2;

    private readonly string root = Path.Combine(run, RunFiles.Checkpoints);
    private readonly HashSet<string> passedOver = new(StringComparer.Ordinal);

    /// <summary>The finished checkpoints, newest first, damaged ones included. Folders of other names are none, nor is what
    /// somebody else had put into a checkpoint that is gone.</summary>
    public IReadOnlyList<string> Newest()
    {
        if (!Directory.Exists(root))
            return [];
        var folders = Directory
            .GetDirectories(root, RunFiles.CheckpointPrefix + "*")
            .Where(folder => RunFiles.StepOf(folder) >= 0 && !CheckpointContent.IsGone(folder));
        return [.. folders.OrderByDescending(RunFiles.StepOf)];
    }

    /// <summary>What the newest checkpoint says of itself, its files unread; null where there is none that says anything.</summary>
    public CheckpointInfo? NewestInfo()
    {
        foreach (var folder in Newest())
        {
            try
            {
                return CheckpointInfoFile.Read(Path.Combine(folder, InfoFile));
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                // It is damaged: an older one may be whole.
            }
        }

        return null;
    }

    /// <summary>Whether a folder is meant as a checkpoint, whole or damaged, and not as a run.</summary>
    internal static bool IsCheckpoint(string path) =>
        File.Exists(Path.Combine(path, InfoFile))
        || (RunFiles.StepOf(Path.TrimEndingDirectorySeparator(path)) >= 0 && Directory.Exists(path));

    /// <summary>Whether there is nothing but what a killed writer left of a checkpoint that it didn't finish.</summary>
    internal bool HoldsNothing() =>
        WritableFolder.Entries(root).All(entry => Path.GetFileName(entry).StartsWith(RunFiles.Unfinished, StringComparison.Ordinal));

    /// <summary>
    /// Spares damaged checkpoints until a whole one of their step or a later one is written: something may still be saved from them. They
    /// don't count among those that are kept.
    /// </summary>
    internal void Spare(IEnumerable<string> damaged) => passedOver.UnionWith(damaged);

    /// <summary>Those that aren't spared, newest first.</summary>
    internal IEnumerable<string> Lasting() => Newest().Where(folder => !passedOver.Contains(folder));

    /// <summary>Writes a checkpoint and discards old ones; what isn't theirs stays where it is.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="write">Writes the files into a folder and returns the description, without the list of files.</param>
    /// <returns>The checkpoint's folder.</returns>
    public string Write(long step, Func<string, CheckpointInfo> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Directory.CreateDirectory(root);
        RemoveLeftovers();
        var name = RunFiles.CheckpointPrefix + step.ToString("D9", CultureInfo.InvariantCulture);
        var temporary = Path.Combine(root, RunFiles.Unfinished + name);
        Directory.CreateDirectory(temporary);
        try
        {
            Fill(temporary, write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // On a full disk the half that was written takes the room of others.
            RemoveLeftovers();
            throw;
        }

        var final = Path.Combine(root, name);
        // A folder cannot be renamed over another; a run that is stopped and resumed at one step writes it twice.
        var replaced = Directory.Exists(final) ? SetAside(final) : null;
        Directory.Move(temporary, final);
        FolderFlush.ToDisk(root);
        passedOver.Remove(final);
        try
        {
            if (replaced is not null)
                Delete(replaced);
            foreach (var old in Lasting().Skip(Kept))
                Delete(SetAside(old));
            foreach (var damaged in Newest().Where(folder => passedOver.Contains(folder) && RunFiles.StepOf(folder) < step))
                Delete(SetAside(damaged));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The new one is whole; what could not be deleted is one too many until the next is written, which tries again.
        }

        return final;
    }

    private static void Fill(string temporary, Func<string, CheckpointInfo> write)
    {
        var info = write(temporary);
        info = info with { Files = [.. Directory.GetFiles(temporary).Order(StringComparer.Ordinal).Select(CheckpointFile.Of)] };
        CheckpointInfoFile.Write(Path.Combine(temporary, InfoFile), info);
        FolderFlush.ToDisk(temporary);
    }

    // Renamed before it is deleted: a half-deleted folder must not look like a checkpoint.
    private string SetAside(string path)
    {
        var name = Path.Combine(root, RunFiles.Discarded + Path.GetFileName(path));
        var discarded = name;
        for (var number = 2; Directory.Exists(discarded); number++)
            discarded = string.Create(CultureInfo.InvariantCulture, $"{name}{Again}{number}");
        Directory.Move(path, discarded);
        return discarded;
    }

    // What somebody else had put there goes back to its place.
    private void Delete(string discarded)
    {
        var checkpoint = Path.GetFileName(discarded)[RunFiles.Discarded.Length..].Split(Again)[0];
        if (CheckpointContent.MoveOthers(discarded, Path.Combine(root, checkpoint)))
            Directory.Delete(discarded, recursive: true);
    }

    private void RemoveLeftovers()
    {
        foreach (var folder in Directory.GetDirectories(root))
        {
            var name = Path.GetFileName(folder);
            if (name.StartsWith(RunFiles.Unfinished, StringComparison.Ordinal))
                Directory.Delete(folder, recursive: true);
            else if (name.StartsWith(RunFiles.Discarded, StringComparison.Ordinal))
                Delete(folder);
        }
    }
}
