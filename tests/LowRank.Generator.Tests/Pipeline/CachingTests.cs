using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LowRank.Generator.Tests.Pipeline;

/// <summary>Which edits make which steps run. That none runs after an unrelated edit is asserted by every run of every other test.</summary>
public sealed class CachingTests
{
    [Fact]
    public void A_changed_argument_makes_a_new_model_and_leaves_the_others_alone()
    {
        var result = Edit(source => source.Replace("heads: 4", "heads: 8", StringComparison.Ordinal));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.Declaration));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.Verdict));
    }

    [Theory]
    [InlineData("/// <summary>A model.</summary>", "// a comment\n/// <summary>A model.</summary>")]
    [InlineData("heads: 4", "4")]
    [InlineData("public partial class Model\n{", "public partial class Model\n{\n    private int Own(int x) => x;")]
    public void An_edit_that_says_the_same_makes_nothing_new(string before, string after)
    {
        var result = Edit(source => source.Replace(before, after, StringComparison.Ordinal));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged], Reasons(result, TrackingNames.Declaration));
        Assert.All(Reasons(result, TrackingNames.Verdict), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    private static GeneratorRunResult Edit(Func<string, string> edit)
    {
        var source = Declarations.Model(attention: "[Attention(heads: 4)]");
        Assert.NotEqual(source, edit(source));
        var compilation = TestCompilation.Of(Declarations.PaperXl, source);
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], TestCompilation.Parse(edit(source), compilation.SyntaxTrees[1].FilePath));
        return CSharpGeneratorDriver.Create(
                [new LowRankGenerator().AsSourceGenerator()],
                parseOptions: TestCompilation.ParseOptions,
                driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true))
            .RunGenerators(compilation).RunGenerators(edited).GetRunResult().Results.Single();
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason);
}
