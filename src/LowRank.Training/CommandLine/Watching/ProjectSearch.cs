using System.Xml;
using System.Xml.Linq;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>Finds the project that a running program was built from.</summary>
internal static class ProjectSearch
{
    private const string Pattern = "*.csproj";

    /// <summary>The project's file.</summary>
    /// <param name="given">What the user named: the file, or the folder that holds it alone; null for nothing.</param>
    /// <param name="assembly">The program's assembly.</param>
    /// <param name="starts">Folders to look in, each with all above it.</param>
    /// <exception cref="InputException">There is none, or more than one.</exception>
    public static string Find(string? given, string assembly, params string[] starts)
    {
        if (given is not null)
            return Named(given);
        foreach (var folder in starts.SelectMany(WithParents).Distinct(StringComparer.Ordinal))
        {
            var fitting = Projects(folder).Where(project => AssemblyName(project) == assembly).ToList();
            if (fitting.Count == 1)
                return fitting[0];
            if (fitting.Count > 1)
                throw new InputException(
                    $"Several projects in {folder} are built as {assembly}: {Names(fitting)}. Say which one it is: --project PATH."
                );
        }

        throw new InputException(
            $"No project that is built as {assembly} was found in {string.Join(" or ", starts.Distinct(StringComparer.Ordinal))}, or above. Say where it is: --project PATH."
        );
    }

    private static string Named(string given)
    {
        var path = Path.GetFullPath(given);
        if (File.Exists(path))
            return Path.GetExtension(path).Equals(".csproj", StringComparison.OrdinalIgnoreCase)
                ? path
                : throw new InputException($"--project takes a .csproj or its folder, not '{given}'.");
        if (!Directory.Exists(path))
            throw new InputException($"There is no file or folder '{given}'; give --project a .csproj or its folder.");
        var projects = Projects(path);
        return projects.Count switch
        {
            1 => projects[0],
            0 => throw new InputException($"There is no .csproj in '{given}'; give --project the file, or another folder."),
            _ => throw new InputException($"There are several projects in '{given}': {Names(projects)}. Give --project one of them."),
        };
    }

    private static IEnumerable<string> WithParents(string start)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(start)); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }

    private static List<string> Projects(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, Pattern).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Folders above may be anybody's.
            return [];
        }
    }

    private static string Names(IEnumerable<string> projects) => string.Join(", ", projects.Select(Path.GetFileName));

    // A name that is put together while building is seldom another than the file's.
    private static string AssemblyName(string project)
    {
        var stem = Path.GetFileNameWithoutExtension(project);
        try
        {
            var declared = XDocument
                .Load(project)
                .Descendants()
                .LastOrDefault(element => element.Name.LocalName == "AssemblyName")
                ?.Value.Trim();
            return string.IsNullOrEmpty(declared) || declared.Contains("$(", StringComparison.Ordinal) ? stem : declared;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            return stem;
        }
    }
}
