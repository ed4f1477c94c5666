using LowRank.Training.CommandLine.Watching;

namespace LowRank.Training.Tests.CommandLine.Watching;

public sealed class BuildErrorTests
{
    private static readonly string Project = Path.GetFullPath(Path.Combine("work", "app", "App.csproj"));

    private static readonly string Folder = Path.GetDirectoryName(Project)!;

    [Fact]
    public void Errors_are_read_with_file_line_code_text_and_help_each_once()
    {
        var model = Path.Combine(Folder, "Models", "Model (old).cs");
        var beside = Path.Combine(Path.GetDirectoryName(Folder)!, "Shared", "A.cs");
        var output = $"""
            MSBuild said something.
            {model}(12,16): error LRK0202: Width 128 does not divide into 7 heads; use a divisor such as 8 (https://example.org/docs/LRK0202.md) [{Project}]
            {model}(12,16): warning LRK0302: Rank 30 saves nothing. [{Project}]
            {model}(3,1,3,9): error CS1002: ; expected [{Project}::TargetFramework=net10.0]
            {beside}(7): error CS0103: The name 'error CS1: x' does not exist [{Project}]
            {Project} : error NU1101: Unable to find package X.
            CSC : error CS5001: Program does not contain a static 'Main' method [{Project}]
            MSBUILD : error MSB1009: Project file does not exist.
            {model}(12,16): error LRK0202: Width 128 does not divide into 7 heads; use a divisor such as 8 (https://example.org/docs/LRK0202.md) [{Project}]
            """;
        Assert.Equal(
            [
                new(
                    Path.Combine("Models", "Model (old).cs"),
                    12,
                    "LRK0202",
                    "Width 128 does not divide into 7 heads; use a divisor such as 8",
                    "https://example.org/docs/LRK0202.md"
                ),
                new(Path.Combine("Models", "Model (old).cs"), 3, "CS1002", "; expected"),
                new(Path.Combine("..", "Shared", "A.cs"), 7, "CS0103", "The name 'error CS1: x' does not exist"),
                new("App.csproj", null, "NU1101", "Unable to find package X."),
                new(null, null, "CS5001", "Program does not contain a static 'Main' method"),
                new(null, null, "MSB1009", "Project file does not exist."),
            ],
            BuildError.In(output.ReplaceLineEndings("\r\n"), Project)
        );
    }

    [Fact]
    public void Places_are_written_as_editors_write_them()
    {
        Assert.Equal("A.cs:7", new BuildError("A.cs", 7, null, "").Place);
        Assert.Equal("App.csproj", new BuildError("App.csproj", null, null, "").Place);
        Assert.Null(BuildError.Of("All is lost.").Place);
    }
}
