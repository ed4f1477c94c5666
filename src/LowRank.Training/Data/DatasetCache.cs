using LowRank.Training.Files;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Data;

/// <summary>
/// Prepared data by key, a folder each. A folder is built under another name and gets its own in one step, so that a killed or a
/// concurrent run never leaves half of one; one that is not what was written is built again.
/// </summary>
/// <param name="root">The folder of the folders.</param>
/// <param name="opening">Opens a folder and says by an <see cref="InvalidDataException"/> that it isn't whole; null for prepared
/// text.</param>
internal sealed class DatasetCache(string root, Func<string, TokenDataset>? opening = null)
{
    /// <summary>Old enough that no run can still be writing it.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(6);

    private readonly Func<string, TokenDataset> open = opening ?? Open;

    public TokenDataset OpenOrBuild(string key, Action<string> build, IProgress<string>? progress, CancellationToken cancellation)
    {
        var folder = Path.Combine(root, key);
        if (TryOpen(folder, open) is { } ready)
            return ready;

        // Where the file system knows no locks two processes may both do the work; the cache stays whole all the same.
        using var held = FileLock.Acquire(
            Path.Combine(root, key + ".lock"),
            Timeout.InfiniteTimeSpan,
            () => progress?.Report("Waiting for another run that prepares the same text"),
            cancellation
        )!;
        if (TryOpen(folder, open) is { } made)
            return made;

        RemoveAbandoned(key, held);
        var unfinished = NameAside(folder);
        try
        {
            Directory.CreateDirectory(unfinished);
            build(unfinished);
            Publish(unfinished, folder);
        }
        catch
        {
            // Nothing has come of it, and nobody cleans up locks.
            if (held.IsNew)
                held.Remove();

            throw;
        }
        finally
        {
            Remove(unfinished);
        }

        return open(folder);
    }

    private static string NameAside(string folder) => $"{folder}.{Guid.NewGuid():N}.tmp";

    private static void Publish(string unfinished, string folder)
    {
        if (Directory.Exists(folder))
        {
            // Not what was written, or it would have been opened. A folder cannot be replaced in one step: the old one goes aside first.
            var aside = NameAside(folder);
            Directory.Move(folder, aside);
            Remove(aside);
        }

        Directory.Move(unfinished, folder);
    }

    /// <summary>
    /// The data if it is there and whole; neither a lock nor anything else is written, so that it may lie where nothing can be.
    /// </summary>
    public TokenDataset? TryOpen(string key) => TryOpen(Path.Combine(root, key), open);

    private static TokenDataset? TryOpen(string folder, Func<string, TokenDataset> open)
    {
        if (!Directory.Exists(folder))
            return null;

        try
        {
            return open(folder);
        }
        catch (Exception exception) when (exception is InvalidDataException or InputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <exception cref="InvalidDataException">The folder does not hold what its manifest says.</exception>
    private static TokenDataset Open(string folder)
    {
        var manifest = DatasetManifest.Load(folder);
        var tokenizerPath = Path.Combine(folder, DatasetBuilder.TokenizerFile);
        var tokenizer = Tokenizer.Load(tokenizerPath);
        var training = TokenShard.Open(Path.Combine(folder, DatasetBuilder.TrainingFile));
        TokenShard? validation = null;
        try
        {
            validation = TokenShard.Open(Path.Combine(folder, DatasetBuilder.ValidationFile));
            if (tokenizer.Fingerprint != manifest.Tokenizer || training.Hash != manifest.Training || validation.Hash != manifest.Validation)
                throw new InvalidDataException($"The folder '{folder}' holds files that do not belong together.");

            return new TokenDataset(tokenizer, tokenizerPath, training, validation, manifest.Fingerprint(), manifest.Description)
            {
                TrainingDocuments = manifest.TrainingDocuments,
                ValidationDocuments = manifest.ValidationDocuments,
                TrainingBytes = manifest.TrainingBytes,
                ValidationBytes = manifest.ValidationBytes,
                UnigramEntropy = manifest.UnigramEntropy,
                Skipped = manifest.Skipped,
                Broken = manifest.Broken,
            };
        }
        catch
        {
            training.Dispose();
            validation?.Dispose();
            throw;
        }
    }

    /// <summary>Removes what killed runs left: that of this key, whose lock is held, at once, and the others' in time.</summary>
    private void RemoveAbandoned(string key, FileLock held)
    {
        foreach (var folder in Directory.EnumerateDirectories(root, "*.tmp"))
        {
            var own = held.Excludes && Path.GetFileName(folder).StartsWith(key + ".", StringComparison.Ordinal);
            if (own || DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > Abandoned)
                Remove(folder);
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another program has it open. It is not the data's place, so a later run removes it.
        }
    }
}
