using LowRank.Generator.Analyzers;
using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Tests.Checks;

/// <summary>Users can silence what is reported in all the ways they know.</summary>
public sealed class SuppressionTests
{
    private static readonly string AtBreakEven = Declarations.Model(feedForward: "[FeedForward(256)]\n[LowRank(60)]");

    [Fact]
    public void By_pragma()
    {
        Assert.Equal("LRK0302", Assert.Single(GeneratorRun.Of(AtBreakEven).Findings).Id);
        var source = Declarations.Model(
            feedForward: "[FeedForward(256)]\n#pragma warning disable LRK0302\n[LowRank(60)]\n#pragma warning restore LRK0302"
        );
        Assert.DoesNotContain(GeneratorRun.Of(source).Findings, finding => !finding.IsSuppressed);
    }

    [Fact]
    public void By_pragma_even_an_error()
    {
        var source = Declarations.Model(feedForward: "[FeedForward(256)]\n#pragma warning disable LRK0303\n[LowRank(8, 7)]");
        Assert.DoesNotContain(GeneratorRun.Of(source).Findings, finding => !finding.IsSuppressed);
    }

    [Theory]
    [InlineData(ReportDiagnostic.Error, DiagnosticSeverity.Error)]
    [InlineData(ReportDiagnostic.Info, DiagnosticSeverity.Info)]
    public void By_editorconfig(ReportDiagnostic configured, DiagnosticSeverity expected)
    {
        var compilation = TestCompilation.Of(AtBreakEven);
        var options = compilation.Options.WithSyntaxTreeOptionsProvider(new EditorConfig("LRK0302", configured));
        Assert.Equal(expected, Assert.Single(GeneratorRun.Of(compilation.WithOptions(options)).Findings).Severity);
    }

    [Fact]
    public void By_editorconfig_altogether()
    {
        var compilation = TestCompilation.Of(AtBreakEven);
        var options = compilation.Options.WithSyntaxTreeOptionsProvider(new EditorConfig("LRK0302", ReportDiagnostic.Suppress));
        Assert.Empty(GeneratorRun.Of(compilation.WithOptions(options)).Findings);
    }

    [Theory]
    [InlineData("error", DiagnosticSeverity.Error)]
    [InlineData("suggestion", DiagnosticSeverity.Info)]
    [InlineData("none", null)]
    public void By_editorconfig_for_a_category(string severity, DiagnosticSeverity? expected)
    {
        var run = GeneratorRun.Of(AtBreakEven);
        var options = new CategoryConfig("LowRank.LowRank", severity);
        var found = Analyzed.Of(
            run.Compilation,
            [.. run.Compilation.SyntaxTrees.Where(tree => tree.FilePath.StartsWith("/declared/", StringComparison.Ordinal))],
            new DeclarationAnalyzer(),
            new AnalyzerOptions([], options)
        );
        Assert.Equal(expected, found.SingleOrDefault(finding => finding.Id == "LRK0302")?.Severity);
    }
}
