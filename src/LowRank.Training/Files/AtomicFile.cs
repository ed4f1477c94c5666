namespace LowRank.Training.Files;

/// <summary>Files that appear whole under their name or not at all, also when the process is killed or the power fails.</summary>
internal static class AtomicFile
{
    private const string Suffix = ".tmp";
    private const int GuidDigits = 32;
    private const int Added = 1 + GuidDigits + 4;

    // Old enough that nobody can still be writing it.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(6);

    /// <summary>
    /// Writes a new file or replaces an old one; the folder is made when it is missing. What killed writers of it left long ago is removed.
    /// </summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var unfinished = UnfinishedName(full);
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, full, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }

        RemoveAbandoned(full);
    }

    private static void RemoveAbandoned(string path)
    {
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*{Suffix}"))
            {
                if (IsUnfinished(file, path) && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > Abandoned)
                    File.Delete(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, or open in another program: it is in nobody's way.
        }
    }

    /// <summary>A name beside <paramref name="path"/> that no other writer uses.</summary>
    public static string UnfinishedName(string path) => $"{path}.{Guid.NewGuid():N}{Suffix}";

    /// <summary>Whether a name is one that <see cref="UnfinishedName"/> gives.</summary>
    public static bool IsUnfinished(string name) =>
        name.Length > Added
        && name[^Added] == '.'
        && name.EndsWith(Suffix, StringComparison.Ordinal)
        && Guid.TryParseExact(name.AsSpan(name.Length - Added + 1, GuidDigits), "N", out _);

    /// <summary>Whether it is one for <paramref name="path"/>.</summary>
    public static bool IsUnfinished(string name, string path) =>
        IsUnfinished(name) && string.Equals(name[..^Added], path, StringComparison.Ordinal);
}
