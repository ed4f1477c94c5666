using LowRank.Package.Tests.Consumers;

namespace LowRank.Package.Tests;

public sealed class TemplateTests(PackedFeed feed)
{
    [Fact]
    public void The_template_makes_a_program_that_builds_without_warnings_and_trains()
    {
        // A home of its own: the templates of whoever runs the tests stay as they are.
        var variables = new Dictionary<string, string>(feed.Variables) { ["DOTNET_CLI_HOME"] = Path.Combine(feed.Folder, "home") };
        DotnetCommand.Run(feed.Folder, variables, "new", "install", feed.PackageFile("LowRank.Templates")).AssertSuccess();
        DotnetCommand.Run(feed.Folder, variables, "new", "lowrank", "-o", "my-transformer", "--no-restore").AssertSuccess();
        DotnetCommand
            .Run(feed.Folder, variables, "new", "lowrank", "-o", "on-gpu", "--torch", "cuda-linux", "--no-restore")
            .AssertSuccess();

        var project = Path.Combine(feed.Folder, "my-transformer");
        Assert.Equal(
            [".gitignore", "Program.cs", "README.md", "SmallTransformer.cs", "experiment.json", "my-transformer.csproj"],
            Directory.GetFileSystemEntries(project).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        DotnetCommand.Run(project, feed.Variables, "build", "-m:1", "-warnaserror", "-c", "Release").AssertSuccess();
        var run = DotnetCommand
            .Run(
                project,
                feed.Variables,
                ["run", "--no-build", "-c", "Release", "--", "train", "SmallTransformer", .. SmallText.TrainingOptions(project)]
            )
            .AssertSuccess();
        Assert.Contains("step 3/3", run.Output, StringComparison.Ordinal);
        var experiment = DotnetCommand
            .Run(project, feed.Variables, "run", "--no-build", "-c", "Release", "--", "experiment", "experiment.json", "--dry-run")
            .AssertSuccess();
        Assert.Contains("lowrank-equal", experiment.Output, StringComparison.Ordinal);

        Assert.Equal("TorchSharp-cuda-linux", NativePackage("on-gpu"));
        Assert.StartsWith("libtorch-cpu-", NativePackage("my-transformer"), StringComparison.Ordinal);
    }

    private string NativePackage(string folder)
    {
        var items = DotnetCommand
            .Run(Path.Combine(feed.Folder, folder), feed.Variables, "msbuild", "-getItem:PackageReference")
            .AssertSuccess()
            .Lines("\"Identity\"");
        return items.Select(line => line.Split('"')[3]).Single(id => id != "LowRank.Training");
    }
}
