namespace LowRank.Training.Files;

/// <summary>A path without links.</summary>
internal static class RealPath
{
    /// <summary>The path of the same file or folder in which no part is a link.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var root = Path.GetPathRoot(full)!;
        var real = root;
        foreach (var part in full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            // A link's target may lie behind links itself.
            real = File.ResolveLinkTarget(next, returnFinalTarget: true) is { } target ? Of(target.FullName) : next;
        }

        return real;
    }

    /// <summary>The same of a path whose end may be missing, or can't be looked at: that part stays as it is.</summary>
    public static string OfAny(string path)
    {
        var existing = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var missing = "";
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } above)
            (existing, missing) = (above, Path.Combine(Path.GetFileName(existing), missing));
        try
        {
            existing = Of(existing);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Writing there says so.
        }

        return Path.TrimEndingDirectorySeparator(Path.Combine(existing, missing));
    }
}
