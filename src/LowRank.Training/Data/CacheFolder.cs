using LowRank.Training.Files;

namespace LowRank.Training.Data;

/// <summary>Where prepared data is kept between runs.</summary>
internal static class CacheFolder
{
    /// <summary>
    /// The folder asked for; otherwise the first of these that can be written: <c>lowrank</c> in the user's cache folder, and one of the
    /// user's in the folder for temporary files.
    /// </summary>
    /// <exception cref="InputException">The folder cannot be written, or lies where a run removes it with a checkpoint.</exception>
    /// <exception cref="NoSpaceException">It has no room for a file.</exception>
    public static string Resolve(string? requested)
    {
        if (!string.IsNullOrEmpty(requested))
        {
            CheckpointPlace.Refuse(requested, "The cache folder");
            var folder = Path.GetFullPath(requested);
            return WhyNotWritable(folder) is { } reason
                ? throw SystemLimit.Refusal($"The cache folder '{folder}' cannot be written", reason, "name a folder that can")
                : folder;
        }

        return FirstWritable(ToRead(requested));
    }

    /// <exception cref="InputException">None can be written.</exception>
    /// <exception cref="NoSpaceException">None can, and room is what is missing.</exception>
    public static string FirstWritable(IReadOnlyList<string> candidates)
    {
        Exception? full = null;
        foreach (var folder in candidates)
        {
            if (WhyNotWritable(folder) is not { } reason)
                return folder;
            full ??= SystemLimit.IsFull(reason) ? reason : null;
        }

        var tried = $"No cache folder can be written (tried {string.Join(", ", candidates.Select(folder => $"'{folder}'"))})";
        throw full is null
            ? new InputException($"{tried}; name one that can.")
            : SystemLimit.Refusal($"{tried}", full, "name one that can");
    }

    /// <summary>Where complete data may lie, the folders that cannot be written included.</summary>
    public static IReadOnlyList<string> ToRead(string? requested) =>
        string.IsNullOrEmpty(requested)
            ? Candidates(Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetEnvironmentVariable("HOME"))
            : [Path.GetFullPath(requested)];

    /// <summary>Folders to try, given the two variables that say where a user's files go; either may be unset.</summary>
    public static IReadOnlyList<string> Candidates(string? cacheHome, string? home)
    {
        var cache = cacheHome ?? "";
        if (cache.Length == 0)
        {
            cache =
                OperatingSystem.IsLinux() && !string.IsNullOrEmpty(home)
                    ? Path.Combine(home, ".cache")
                    : Environment.GetFolderPath(
                        Environment.SpecialFolder.LocalApplicationData,
                        Environment.SpecialFolderOption.DoNotVerify
                    );
        }

        // Under the user's name: the folder for temporary files is shared.
        var temporary = Path.Combine(Path.GetTempPath(), $"lowrank-{Environment.UserName}");
        return Path.IsPathFullyQualified(cache) ? [Path.Combine(cache, "lowrank"), temporary] : [temporary];
    }

    private static Exception? WhyNotWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = AtomicFile.UnfinishedName(Path.Combine(folder, "probe"));
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception;
        }
    }
}
