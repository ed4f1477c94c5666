namespace LowRank.Package.Tests;

/// <summary>The API reference is made by the tool that the repository's manifest names, from what is built.</summary>
[Collection(ToolManifest.Name)]
public sealed class ApiReferenceTests : IDisposable
{
    private static readonly string Repository = Path.GetDirectoryName(ThisBuild.Solution)!;

    private readonly string folder = Directory.CreateTempSubdirectory("lowrank-api-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_reference_holds_what_programs_use()
    {
        var configuration = File.ReadAllText(Path.Combine(Repository, "docs", "api", "docfx.json"))
            .Replace(
                "../../src/Examples/bin/Release",
                Slashes(Path.Combine(Repository, "src/Examples/bin", ThisBuild.Configuration)),
                Ordinal
            )
            .Replace("../../artifacts/api/yml", Slashes(folder), Ordinal);
        var copy = Path.Combine(folder, "docfx.json");
        File.WriteAllText(copy, configuration);
        Run("tool", "restore").AssertSuccess();
        var made = Run("docfx", "metadata", copy).AssertSuccess();
        // A type that couldn't be found would be left out of every signature.
        Assert.Contains("0 warning(s)", made.Output, Ordinal);
        foreach (
            var type in new[]
            {
                "LowRank.TransformerAttribute",
                "LowRank.LowRankAttribute",
                "LowRank.Training.CommandLine.LowRankApp",
                "LowRank.Training.Loop.Trainer",
                "LowRank.Training.Checkpoints.ModelCheckpoint",
                "LowRank.Training.Generation.TextGenerator",
            }
        )
            Assert.Contains("summary:", File.ReadAllText(Path.Combine(folder, type + ".yml")), Ordinal);
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static string Slashes(string path) => path.Replace('\\', '/');

    private static CommandResult Run(params string[] arguments) =>
        DotnetCommand.Run(Repository, new Dictionary<string, string>(), arguments);
}
