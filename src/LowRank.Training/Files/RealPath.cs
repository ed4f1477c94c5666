namespace LowRank.Training.Files;

/// <summary>A path without links.</summary>
internal static class RealPath
{
    /// <summary>The path of the same file or folder in which no part is a link.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string root = Path.GetPathRoot(full)!;
        string real = root;
        foreach (string part in full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            // A link's target may lie behind links itself.
            real = File.ResolveLinkTarget(next, returnFinalTarget: true) is { } target ? Of(target.FullName) : next;
        }

        return real;
    }
}
