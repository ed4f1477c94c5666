using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LowRank.Generator.Tests.Pipeline;

/// <summary>
/// Which edits make which steps run. That none runs after an unrelated edit is asserted by every run of every other test.
/// </summary>
public sealed class CachingTests
{
    [Fact]
    public void A_changed_argument_makes_a_new_model_and_leaves_the_others_alone()
    {
        var result = Edit(source => source.Replace("heads: 4", "heads: 8", StringComparison.Ordinal));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.Declaration));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.Checked));
    }

    [Theory]
    [InlineData("/// <summary>A model.</summary>", "// a comment\n/// <summary>A model.</summary>")]
    [InlineData("heads: 4", "4")]
    [InlineData("public partial class Model\n{", "public partial class Model\n{\n    private int Own(int x) => x;")]
    public void An_edit_that_says_the_same_makes_nothing_new(string before, string after)
    {
        var result = Edit(source => source.Replace(before, after, StringComparison.Ordinal));
        Assert.All(Reasons(result, TrackingNames.Parse), reason => Assert.Equal(IncrementalStepRunReason.Unchanged, reason));
        Assert.All(Reasons(result, TrackingNames.Declaration), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.All(Reasons(result, TrackingNames.Checked), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    /// <summary>A keystroke within a method, in a file without a declaration: no declaration is read again.</summary>
    [Theory]
    [InlineData("const int Heads = 4; static int Other() => 1;", "const int Heads = 4; static int Other() => 2;")]
    [InlineData(
        "const int Heads = 4; static int Other() { return 1; }",
        "const int Heads = 4; static int Other() { var x = 1; return x; }"
    )]
    [InlineData("const int Heads = 4; static int other = 1;", "const int Heads = 4; static int other = 2; /* Why. */")]
    public void An_edit_within_a_method_reads_no_declaration(string before, string after)
    {
        var result = EditBeside(before, after);
        Assert.Equal([IncrementalStepRunReason.Unchanged], Reasons(result, TrackingNames.Surroundings));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached], Reasons(result, TrackingNames.Parse));
    }

    /// <summary>What a declaration may depend on, or where it may have a part.</summary>
    [Theory]
    [InlineData("const int Heads = 4;", "const int Heads = 8;", IncrementalStepRunReason.Modified)]
    [InlineData(
        "const int Heads = (int)Size.Small; enum Size { Small = 4 }",
        "const int Heads = (int)Size.Small; enum Size { Small = 8 }",
        IncrementalStepRunReason.Modified
    )]
    [InlineData(
        "const int Heads = 4; static int Other() => 1;",
        "const int Heads = 4; static int Another() => 1;",
        IncrementalStepRunReason.Unchanged
    )]
    [InlineData(
        "const int Heads = 4; } partial class Part { int X() => 1;",
        "const int Heads = 4; } partial class Part { int X() => 2;",
        IncrementalStepRunReason.Unchanged
    )]
    [InlineData(
        "const int Heads = 4; } [System.Serializable] class Marked { int X() => 1;",
        "const int Heads = 4; } [System.Serializable] class Marked { int X() => 2;",
        IncrementalStepRunReason.Unchanged
    )]
    public void Any_other_edit_reads_all_of_them(string before, string after, IncrementalStepRunReason declaration)
    {
        var result = EditBeside(before, after);
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.Surroundings));
        Assert.Equal([IncrementalStepRunReason.Unchanged, declaration], Reasons(result, TrackingNames.Parse));
    }

    /// <summary>The gate opens on the edit that matters, however many before it did not.</summary>
    [Fact]
    public void An_edit_that_matters_is_seen_after_many_that_do_not()
    {
        var source = Declarations.Model(attention: "[Attention(heads: Own.Constants.Heads)]");
        var compilation = TestCompilation.Of(source, Constants("const int Heads = 4; static int Other() => 0;"));
        var driver = Driver().RunGenerators(compilation);
        for (var edit = 1; edit <= 5; edit++)
        {
            compilation = Replace(compilation, 1, Constants($"const int Heads = {(edit == 5 ? 8 : 4)}; static int Other() => {edit};"));
            driver = driver.RunGenerators(compilation);
        }

        var fresh = Driver().RunGenerators(compilation).GetRunResult();
        Assert.Equal(
            fresh.GeneratedTrees.Select(tree => tree.ToString()),
            driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString())
        );
        Assert.Contains(fresh.GeneratedTrees, tree => tree.ToString().Contains("8 heads", StringComparison.Ordinal));
    }

    private static GeneratorRunResult EditBeside(string before, string after)
    {
        var source = Declarations.Model(attention: "[Attention(heads: Own.Constants.Heads)]");
        var compilation = TestCompilation.Of(Declarations.PaperXl, source, Constants(before));
        return Driver().RunGenerators(compilation).RunGenerators(Replace(compilation, 2, Constants(after))).GetRunResult().Results.Single();
    }

    private static string Constants(string members) => $"namespace Own; static class Constants {{ internal {members} }}";

    private static CSharpCompilation Replace(CSharpCompilation compilation, int index, string source) =>
        compilation.ReplaceSyntaxTree(
            compilation.SyntaxTrees[index],
            TestCompilation.Parse(source, compilation.SyntaxTrees[index].FilePath)
        );

    private static CSharpGeneratorDriver Driver() =>
        CSharpGeneratorDriver.Create(
            [new LowRankGenerator().AsSourceGenerator()],
            parseOptions: TestCompilation.ParseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true)
        );

    private static GeneratorRunResult Edit(Func<string, string> edit)
    {
        var source = Declarations.Model(attention: "[Attention(heads: 4)]");
        Assert.NotEqual(source, edit(source));
        var compilation = TestCompilation.Of(Declarations.PaperXl, source);
        return Driver().RunGenerators(compilation).RunGenerators(Replace(compilation, 1, edit(source))).GetRunResult().Results.Single();
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason);
}
