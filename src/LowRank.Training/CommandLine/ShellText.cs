namespace LowRank.Training.CommandLine;

/// <summary>Writes command lines that can be pasted into a shell.</summary>
internal static class ShellText
{
    private const string Plain = "-_./:=,+@%\\";

    /// <summary>The program and its arguments in one line.</summary>
    public static string Command(IEnumerable<string> arguments) => string.Join(' ', [Program(), .. arguments.Select(Quote)]);

    /// <summary>An argument, in quotes where a shell would take it apart.</summary>
    public static string Quote(string argument)
    {
        if (
            argument.Length > 0
            && argument.All(character => char.IsLetterOrDigit(character) || Plain.Contains(character, StringComparison.Ordinal))
        )
            return argument;
        return OperatingSystem.IsWindows()
            ? '"' + argument.Replace("\"", "\\\"", StringComparison.Ordinal) + '"'
            : '\'' + argument.Replace("'", "'\\''", StringComparison.Ordinal) + '\'';
    }

    // Started by its own executable, or by "dotnet program.dll".
    private static string Program()
    {
        var process = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? "dotnet " + Quote(FromHere(Environment.GetCommandLineArgs()[0]))
            : Quote(FromHere(process));
    }

    private static string FromHere(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        if (Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal))
            return path;
        return relative.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? relative : Path.Combine(".", relative);
    }
}
