namespace LowRank.Package.Tests;

/// <summary>The repository's own code is laid out by the formatter that its tool manifest names.</summary>
[Collection(ToolManifest.Name)]
public sealed class FormatTests
{
    private const int Width = 140;
    private static readonly string Repository = Path.GetDirectoryName(ThisBuild.Solution)!;

    [Fact]
    public void Code_is_laid_out_by_the_formatter()
    {
        Run("tool", "restore").AssertSuccess();
        var check = Run("csharpier", "check", ".");
        Assert.True(check.ExitCode == 0, $"'dotnet csharpier format .' lays these out:\n{check.Output}");
    }

    // The formatter breaks code, and neither comments nor strings.
    [Fact]
    public void Comments_fit_in_a_line()
    {
        var files = new[] { "src", "tests", "benchmarks" }.SelectMany(folder =>
            Directory.EnumerateFiles(Path.Combine(Repository, folder), "*.cs", SearchOption.AllDirectories)
        );
        var wide = files
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (file, line, number: index + 1)))
            .Where(place => place.line.Length > Width && place.line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .Select(place => $"{Path.GetRelativePath(Repository, place.file)}:{place.number}");
        Assert.Empty(wide);
    }

    private static CommandResult Run(params string[] arguments) =>
        DotnetCommand.Run(Repository, new Dictionary<string, string>(), arguments);
}
