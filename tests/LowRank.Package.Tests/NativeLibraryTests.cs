using LowRank.Package.Tests.Consumers;

namespace LowRank.Package.Tests;

/// <summary>LRK9001: a program that no package brings libtorch.</summary>
public sealed class NativeLibraryTests(PackedFeed feed)
{
    [Fact]
    public void A_program_without_libtorch_is_told_the_line_to_add()
    {
        var project = new ConsumerProject(
            feed,
            "NoLibtorch",
            "Exe",
            ConsumerProject.Reference("LowRank", feed),
            ("Program.cs", "Console.WriteLine(TorchSharp.torch.ones(3));")
        );
        var error = Assert.Single(project.Build().AssertFailure().Lines("error "));
        Assert.Contains("NoLibtorch.csproj : error LRK9001: ", error, StringComparison.Ordinal);
        var platform = project.Dotnet("msbuild", "-getProperty:NETCoreSdkPortableRuntimeIdentifier").AssertSuccess().Output.Trim();
        Assert.Contains(
            $"""<PackageReference Include="libtorch-cpu-{platform}" Version="{ThisBuild.LibtorchVersion}" />""",
            error,
            StringComparison.Ordinal
        );

        // Its owner may bring the library by other means.
        project.Build("-p:LowRankCheckTorch=false").AssertSuccess();
    }

    [Fact]
    public void Libtorch_may_come_through_a_library()
    {
        _ = new ConsumerProject(
            feed,
            "BringsLibtorch",
            "Library",
            ConsumerProject.Reference("LowRank", feed) + ConsumerProject.Libtorch,
            ("Class.cs", "public class Class;")
        );
        var program = new ConsumerProject(
            feed,
            "GetsLibtorch",
            "Exe",
            """<ProjectReference Include="../BringsLibtorch/BringsLibtorch.csproj" />""",
            ("Program.cs", "_ = new Class();")
        );
        program.Build("-warnaserror").AssertSuccess();
    }
}
