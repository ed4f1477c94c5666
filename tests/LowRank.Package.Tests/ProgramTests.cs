using LowRank.Package.Tests.Consumers;

namespace LowRank.Package.Tests;

public sealed class ProgramTests(PackedFeed feed)
{
    [Fact]
    public void A_program_with_a_declared_model_builds_without_warnings_and_trains()
    {
        var project = new ConsumerProject(
            feed,
            "Trains",
            "Exe",
            ConsumerProject.Reference("LowRank.Training", feed) + ConsumerProject.Libtorch,
            ("Program.cs", "return await LowRank.Training.CommandLine.LowRankApp.RunAsync(args);"),
            (
                "Model.cs",
                """
                using LowRank;

                /// <summary>A model.</summary>
                [Transformer(vocabulary: 512, context: 32, width: 32, depth: 2)]
                public partial class Model
                {
                    /// <summary>Attention.</summary>
                    [Attention(heads: 2)]
                    public partial Sublayer Attention { get; }

                    /// <summary>Feed-forward.</summary>
                    [FeedForward(hidden: 128)]
                    [LowRank(rank: 8, phaseOut: 0.5)]
                    public partial Sublayer FeedForward { get; }
                }
                """
            )
        );
        project.Build("-warnaserror").AssertSuccess();
        var run = project
            .Dotnet(["run", "--no-build", "--", "train", "Model", .. SmallText.TrainingOptions(project.Folder)])
            .AssertSuccess();
        Assert.Contains("step 3/3", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(project.Folder, "run", "results.json")), run.ToString());
    }

    [Fact]
    public void A_program_without_declarations_may_call_TorchSharp_first()
    {
        var project = new ConsumerProject(
            feed,
            "CallsTorch",
            "Exe",
            ConsumerProject.Reference("LowRank", feed) + ConsumerProject.Libtorch,
            ("Program.cs", "Console.WriteLine($\"sum {TorchSharp.torch.ones(3).sum().item<float>()}\");")
        );
        project.Build("-warnaserror").AssertSuccess();
        Assert.Contains("sum 3", project.Dotnet("run", "--no-build").AssertSuccess().Output, StringComparison.Ordinal);

        const string initializer = "TorchLibraryInitializer.cs";
        Assert.NotEmpty(project.Dotnet("msbuild", "-getItem:Compile").AssertSuccess().Lines(initializer));
        Assert.Empty(project.Dotnet("msbuild", "-getItem:Compile", "-p:LowRankPrepareTorch=false").AssertSuccess().Lines(initializer));
        Assert.Empty(project.Dotnet("msbuild", "-getItem:Compile", "-p:OutputType=Library").AssertSuccess().Lines(initializer));
    }
}
