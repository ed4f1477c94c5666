namespace LowRank.Training.CommandLine.Watching;

/// <summary>Which files of a project's folder decide what is built.</summary>
internal static class SourceFiles
{
    private static readonly HashSet<string> Extensions = new(
        [".cs", ".csproj", ".props", ".targets", ".editorconfig", ".globalconfig"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether a file is one of them: none of those that a build writes, and none in a hidden folder.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="file">The file.</param>
    public static bool Has(string folder, string file) =>
        Extensions.Contains(Path.GetExtension(file))
        && !Path.GetRelativePath(folder, file)
            .Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
            .SkipLast(1)
            .Any(part => part.StartsWith('.') || IsWritten(part));

    /// <summary>Whether a change of it may change which packages are needed.</summary>
    public static bool ChangesPackages(string file) => !Path.GetExtension(file).Equals(".cs", StringComparison.OrdinalIgnoreCase);

    private static bool IsWritten(string part) =>
        part.Equals("bin", StringComparison.OrdinalIgnoreCase) || part.Equals("obj", StringComparison.OrdinalIgnoreCase);
}
