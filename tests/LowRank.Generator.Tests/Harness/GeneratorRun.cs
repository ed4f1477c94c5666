using System.Collections.Immutable;
using LowRank.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Tests.Harness;

/// <summary>
/// One run of the generator, and of the analyzer that speaks for it, over some sources. Every run is repeated after two edits that change
/// no declaration, and the reasons of all steps are asserted: a cache that does not hold fails whichever test happens to use it.
/// </summary>
internal sealed class GeneratorRun
{
    private readonly Lazy<ImmutableArray<Diagnostic>> diagnostics;

    private GeneratorRun(CSharpCompilation before, Compilation compilation, GeneratorDriverRunResult result)
    {
        diagnostics = new(() => Analyzed.Of(compilation, before.SyntaxTrees, new DeclarationAnalyzer()));
        Compilation = compilation;
        Result = result.Results.Single();
    }

    /// <summary>The compilation with the generated files.</summary>
    public Compilation Compilation { get; }

    public GeneratorRunResult Result { get; }

    /// <summary>What is found wrong, as the compiler would show it: not where the user says so.</summary>
    public ImmutableArray<Diagnostic> Findings =>
        [.. diagnostics.Value.Where(finding => finding.DefaultSeverity >= DiagnosticSeverity.Warning)];

    /// <summary>What there is to say about a declaration that is in order.</summary>
    public ImmutableArray<Diagnostic> Notes =>
        [
            .. diagnostics
                .Value.Where(finding => finding.DefaultSeverity < DiagnosticSeverity.Warning)
                .OrderBy(note => note.Location.SourceSpan.Start),
        ];

    /// <summary>What the compiler says about the user's and the generated code, warnings included.</summary>
    public ImmutableArray<Diagnostic> CompilerDiagnostics =>
        [.. Compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];

    public static GeneratorRun Of(params string[] sources) => Of(TestCompilation.Of(sources));

    public static GeneratorRun Of(CSharpCompilation compilation)
    {
        var driver = CSharpGeneratorDriver.Create(
            [new LowRankGenerator().AsSourceGenerator()],
            parseOptions: TestCompilation.ParseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true)
        );
        var ran = driver.RunGeneratorsAndUpdateCompilation(compilation, out var updated, out var reported);
        var result = ran.GetRunResult();
        Assert.Empty(reported);
        Assert.Null(result.Results.Single().Exception);
        ModelWalk.AssertFree(result.Results.Single());
        AssertCached(ran, compilation);
        return new(compilation, updated, result);
    }

    /// <summary>The one generated file whose name contains the text.</summary>
    public string File(string name) =>
        Result
            .GeneratedSources.Single(source =>
                source.HintName.Contains(name, StringComparison.Ordinal)
                && source.HintName.Contains("-cost.", StringComparison.Ordinal) == name.EndsWith("-cost", StringComparison.Ordinal)
            )
            .SourceText.ToString();

    /// <summary>The value of a generated constant.</summary>
    public object Constant(string type, string name)
    {
        var field = Compilation.GetTypeByMetadataName(type)?.GetMembers(name).OfType<IFieldSymbol>().SingleOrDefault();
        Assert.True(field is not null, $"There is no {type}.{name}.");
        return field.ConstantValue!;
    }

    /// <summary>Asserts that neither the generator nor the compiler has anything to say.</summary>
    public GeneratorRun AssertClean()
    {
        Assert.Empty(Findings);
        Assert.Empty(CompilerDiagnostics);
        return this;
    }

    private static void AssertCached(GeneratorDriver ran, CSharpCompilation compilation)
    {
        // A file that has nothing to do with any declaration: nothing runs but the parse, and it finds what it found before.
        var unrelated = compilation.AddSyntaxTrees(TestCompilation.Parse("internal static class Unrelated;", "/declared/Unrelated.cs"));
        var afterFile = ran.RunGenerators(unrelated).GetRunResult().Results.Single();
        RunReasons.Assert(afterFile);

        // Every line moves: positions change, declarations do not.
        var moved = compilation;
        foreach (var tree in compilation.SyntaxTrees)
            moved = moved.ReplaceSyntaxTree(tree, TestCompilation.Parse("// moved\n" + tree.GetText(), tree.FilePath));
        var afterMove = ran.RunGenerators(moved).GetRunResult().Results.Single();
        RunReasons.Assert(afterMove);
    }
}
