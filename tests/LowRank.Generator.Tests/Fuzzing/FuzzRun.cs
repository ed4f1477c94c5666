using System.Collections.Concurrent;
using LowRank.Generator.Analyzers;
using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>One run of generator and analyzer over some cases at once.</summary>
internal sealed class FuzzRun
{
    // Comments are read and not bound: what stands in them is never an error.
    private static readonly CSharpParseOptions ParseOptions = TestCompilation.ParseOptions.WithDocumentationMode(DocumentationMode.Parse);

    // References are read once, and every run starts from the same state of the generator, so that no case depends on those before it.
    private static readonly CSharpCompilation Empty = Prepare();
    private static readonly GeneratorDriver Driver = CSharpGeneratorDriver
        .Create([new LowRankGenerator().AsSourceGenerator()], parseOptions: ParseOptions).RunGenerators(Empty);

    private FuzzRun(CSharpCompilation before, Compilation after, GeneratorRunResult result)
    {
        Before = before;
        After = after;
        Result = result;
    }

    /// <summary>The cases as written.</summary>
    public CSharpCompilation Before { get; }

    /// <summary>The cases with what is generated for them.</summary>
    public Compilation After { get; }

    public GeneratorRunResult Result { get; }

    /// <summary>What left the generator or an analyzer; null where nothing did.</summary>
    public string? Exception { get; private init; }

    /// <summary>The errors of the language, from the generator and the analyzer.</summary>
    public required IReadOnlyList<Diagnostic> Findings { get; init; }

    public static async Task<FuzzRun> OfAsync(IEnumerable<FuzzCase> cases)
    {
        var before = Empty.AddSyntaxTrees(cases.SelectMany(fuzzed => fuzzed.Sources.Select((source, file) => TestCompilation.Parse(source, fuzzed.PathOf(file), ParseOptions))));
        var result = Driver.RunGeneratorsAndUpdateCompilation(before, out var after, out var reported).GetRunResult().Results.Single();
        var (analyzed, thrown) = await AnalyzeAsync(before);
        // CS8785 is how the compiler says that a generator threw.
        var failure = result.Exception ?? thrown;
        return new(before, after, result)
        {
            Exception = failure?.ToString() ?? reported.FirstOrDefault(diagnostic => diagnostic.Id == "CS8785")?.ToString(),
            Findings = [.. result.Diagnostics.Concat(analyzed).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id.StartsWith("LRK", StringComparison.Ordinal))],
        };
    }

    private static async Task<(IEnumerable<Diagnostic> Diagnostics, Exception? Thrown)> AnalyzeAsync(CSharpCompilation compilation)
    {
        var thrown = new ConcurrentQueue<Exception>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, _, _) => thrown.Enqueue(exception), concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var diagnostics = await compilation.WithAnalyzers([new MisplacedAttributeAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
        return (diagnostics, thrown.FirstOrDefault());
    }

    private static CSharpCompilation Prepare()
    {
        var empty = TestCompilation.Of();
        return empty.WithAssemblyName("Fuzzed").WithOptions(empty.Options.WithConcurrentBuild(false));
    }
}
