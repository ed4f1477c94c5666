using LowRank.Package.Tests.Consumers;

namespace LowRank.Package.Tests;

/// <summary>A program that carries its own runtime, of which and of everything else only what it calls is left.</summary>
public sealed class TrimmedTests(PackedFeed feed)
{
    private const string Trimming = """
        <Project>
          <PropertyGroup>
            <PublishTrimmed>true</PublishTrimmed>
            <RuntimeIdentifier>$(NETCoreSdkPortableRuntimeIdentifier)</RuntimeIdentifier>
            <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
            <CreateHardLinksForPublishFilesIfPossible>true</CreateHardLinksForPublishFilesIfPossible>
          </PropertyGroup>
        </Project>
        """;

    [Fact]
    public void A_trimmed_program_lists_describes_trains_and_generates()
    {
        var template = Path.Combine(Path.GetDirectoryName(ThisBuild.Solution)!, "src", "LowRank.Templates", "Program");
        // The model stands in a library behind another, and no code names it: what the program's own catalog calls alone keeps it.
        _ = new ConsumerProject(
            feed,
            "TrimmedModels",
            "Library",
            ConsumerProject.Reference("LowRank.Training", feed) + ConsumerProject.Libtorch,
            ("SmallTransformer.cs", "using LowRank;\n" + File.ReadAllText(Path.Combine(template, "SmallTransformer.cs")))
        );
        _ = new ConsumerProject(
            feed,
            "TrimmedBetween",
            "Library",
            "<ProjectReference Include=\"../TrimmedModels/TrimmedModels.csproj\" />",
            ("Class.cs", "public class Class;")
        );
        var project = new ConsumerProject(
            feed,
            "Trimmed",
            "Exe",
            "<ProjectReference Include=\"../TrimmedBetween/TrimmedBetween.csproj\" />",
            ("Directory.Build.props", Trimming),
            ("Program.cs", File.ReadAllText(Path.Combine(template, "Program.cs")))
        );
        var published = project.Dotnet("publish", "-m:1", "-c", "Release", "-o", "published").AssertSuccess();
        Assert.DoesNotContain("LowRank", string.Join('\n', published.Lines("warning IL")), StringComparison.Ordinal);

        Assert.Contains("SmallTransformer", Run("list").Output, StringComparison.Ordinal);
        Assert.Contains("FeedForward", Run("describe", "SmallTransformer").Output, StringComparison.Ordinal);
        // A varied model is read from the attributes of a class whose name nothing in the program says.
        var described = Run("describe", "SmallTransformer", "--json").Output;
        Assert.Equal(
            described,
            Run("describe", "SmallTransformer@depth=4", "--json").Output.Replace("@depth=4", "", StringComparison.Ordinal)
        );
        Assert.Contains("ratio=0.25", Run("explore", "SmallTransformer", "ratio=0.25,0.5").Output, StringComparison.Ordinal);
        var training = Run(
            "train",
            "SmallTransformer",
            "--variant",
            "dense",
            "--text",
            SmallText.Write(project.Folder),
            "--cache",
            "cache",
            "--output",
            "run",
            "--steps",
            "20",
            "--batch",
            "2",
            "--context",
            "16"
        );
        Assert.Contains("step 20/20", training.Output, StringComparison.Ordinal);
        Run("evaluate", "run", "--text", "text", "--cache", "cache", "--sequences", "4");
        // The template's architecture is none of Hugging Face's; that this is said shows that its attributes are still there.
        var export = Start("export", "run", "--to", "exported").AssertFailure();
        Assert.Contains("its feed-forward layers are not gated", export.Output, StringComparison.Ordinal);
        Assert.StartsWith("the", Run("generate", "run", "--prompt", "the", "--tokens", "4").Output, StringComparison.Ordinal);

        CommandResult Run(params string[] arguments) => Start(arguments).AssertSuccess();

        CommandResult Start(params string[] arguments) =>
            DotnetCommand.RunProgram(
                Path.Combine(project.Folder, "published", OperatingSystem.IsWindows() ? "Trimmed.exe" : "Trimmed"),
                project.Folder,
                feed.Variables,
                arguments
            );
    }
}
