namespace LowRank.Training.Data;

/// <summary>Where prepared data is kept between runs.</summary>
internal static class CacheFolder
{
    /// <summary>
    /// The folder asked for; otherwise the first of these that can be written: <c>lowrank</c> in the user's cache folder, and one of the
    /// user's in the folder for temporary files.
    /// </summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static string Resolve(string? requested)
    {
        if (requested is not null)
        {
            string folder = Path.GetFullPath(requested);
            return WhyNotWritable(folder) is { } reason
                ? throw new InputException($"The cache folder '{folder}' cannot be written: {reason} Name a folder that can.")
                : folder;
        }

        string[] candidates = [.. Candidates()];
        return candidates.FirstOrDefault(folder => WhyNotWritable(folder) is null)
            ?? throw new InputException(
                $"No cache folder can be written (tried {string.Join(", ", candidates.Select(folder => $"'{folder}'"))}); name one that can.");
    }

    private static IEnumerable<string> Candidates()
    {
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache) && OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home)
        {
            cache = Path.Combine(home, ".cache");
        }

        if (string.IsNullOrEmpty(cache))
        {
            cache = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        }

        if (Path.IsPathFullyQualified(cache))
        {
            yield return Path.Combine(cache, "lowrank");
        }

        // Under the user's name: the folder for temporary files is shared.
        yield return Path.Combine(Path.GetTempPath(), $"lowrank-{Environment.UserName}");
    }

    private static string? WhyNotWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string probe = AtomicFile.UnfinishedName(Path.Combine(folder, "probe"));
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
