using LowRank.Package.Tests.Consumers;

namespace LowRank.Package.Tests;

/// <summary>What the compiler says in a library that has the packages: it needs no libtorch.</summary>
public sealed class CompilerMessageTests(PackedFeed feed)
{
    private const string Editorconfig = """
        root = true
        [Raised.cs]
        dotnet_diagnostic.LRK0302.severity = error
        [Silenced.cs]
        dotnet_diagnostic.LRK0302.severity = none
        """;

    [Fact]
    public void Wrong_declarations_are_errors_and_severities_can_be_set()
    {
        var project = new ConsumerProject(
            feed,
            "Declares",
            "Library",
            ConsumerProject.Reference("LowRank", feed),
            (".editorconfig", Editorconfig),
            ("Wrong.cs", Model("Wrong", heads: 3, rank: 8)),
            ("Warned.cs", Model("Warned", heads: 2, rank: 30)),
            ("Raised.cs", Model("Raised", heads: 2, rank: 30)),
            ("Silenced.cs", Model("Silenced", heads: 2, rank: 30)),
            ("Disabled.cs", "#pragma warning disable LRK0302\n" + Model("Disabled", heads: 2, rank: 30))
        );
        var build = project.Build().AssertFailure();

        var error = Assert.Single(build.Lines("Wrong.cs"));
        Assert.Contains("error LRK0202: ", error, StringComparison.Ordinal);
        Assert.Contains("warning LRK0302: ", Assert.Single(build.Lines("Warned.cs")), StringComparison.Ordinal);
        Assert.Contains("error LRK0302: ", Assert.Single(build.Lines("Raised.cs")), StringComparison.Ordinal);
        Assert.Empty(build.Lines("Silenced.cs"));
        Assert.Empty(build.Lines("Disabled.cs"));
        Assert.Empty(build.Lines("LRK9"));
    }

    [Fact]
    public void An_older_compiler_is_named()
    {
        var project = new ConsumerProject(
            feed,
            "OldCompiler",
            "Library",
            ConsumerProject.Reference("LowRank", feed),
            ("Class.cs", "public class Class;")
        );
        var build = project.Build("-p:CompilerApiVersion=roslyn4.14").AssertSuccess();
        var warning = Assert.Single(build.Lines("warning "));
        Assert.Contains("OldCompiler.csproj : warning LRK9002: The C# compiler is Roslyn 4.14", warning, StringComparison.Ordinal);
        Assert.Empty(Check().Lines("LRK9002"));
        Assert.Empty(Check("-p:CompilerApiVersion=roslyn4.14", "-p:NoWarn=LRK9002").Lines("LRK9002"));
        Assert.NotEmpty(Check("-p:CompilerApiVersion=roslyn4.14").Lines("LRK9002"));

        CommandResult Check(params string[] properties) =>
            project.Dotnet(["msbuild", "-t:LowRankCheckCompiler", .. properties]).AssertSuccess();
    }

    // Width 32, hidden 64: the break-even rank is 21.
    private static string Model(string name, int heads, int rank) =>
        $$"""
            using LowRank;

            [Transformer(vocabulary: 512, context: 32, width: 32, depth: 2)]
            public partial class {{name}}
            {
                [Attention(heads: {{heads}})]
                public partial Sublayer Attention { get; }

                [FeedForward(hidden: 64)]
                [LowRank(rank: {{rank}})]
                public partial Sublayer FeedForward { get; }
            }
            """;
}
