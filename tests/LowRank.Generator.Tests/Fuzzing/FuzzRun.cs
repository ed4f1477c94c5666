using Basic.Reference.Assemblies;
using LowRank.Generator.Analyzers;
using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>One run of generator and analyzers over some cases at once.</summary>
internal sealed class FuzzRun
{
    // Comments are read and not bound, and nullability is not followed: neither is ever an error.
    private static readonly CSharpParseOptions ParseOptions = TestCompilation
        .ParseOptions.WithDocumentationMode(DocumentationMode.Parse)
        .WithFeatures([new("run-nullable-analysis", "never")]);

    // References are read once, and every run starts from the same state of the generator, so that no case depends on those before it.
    private static readonly CSharpCompilation Empty = Prepare();
    private static readonly GeneratorDriver Driver = CSharpGeneratorDriver
        .Create([new LowRankGenerator().AsSourceGenerator()], parseOptions: ParseOptions)
        .RunGenerators(Empty);

    // Whatever analyzer of declarations there is: a new one is fuzzed from its first day.
    private static readonly AnalyzerHost[] Analyzers =
    [
        .. typeof(MisplacedAttributeAnalyzer)
            .Assembly.GetTypes()
            .Where(type => typeof(DiagnosticAnalyzer).IsAssignableFrom(type) && !type.IsAbstract)
            // Reads the code of methods, of which a declaration has none.
            .Where(type => type != typeof(LowRank.Generator.Analyzers.UnheldTensorAnalyzer))
            .Select(type => new AnalyzerHost((DiagnosticAnalyzer)Activator.CreateInstance(type)!)),
    ];

    private FuzzRun(CSharpCompilation before, Compilation after)
    {
        Before = before;
        After = after;
    }

    /// <summary>The cases as written.</summary>
    public CSharpCompilation Before { get; }

    /// <summary>The cases with what is generated for them.</summary>
    public Compilation After { get; }

    /// <summary>What left the generator or an analyzer; null where nothing did.</summary>
    public string? Exception { get; private init; }

    /// <summary>The errors of the language.</summary>
    public required IReadOnlyList<Diagnostic> Findings { get; init; }

    public static FuzzRun Of(IReadOnlyList<FuzzCase> cases)
    {
        var before = Empty.AddSyntaxTrees(
            cases.SelectMany(fuzzed =>
                fuzzed.Sources.Select((source, file) => TestCompilation.Parse(source, fuzzed.PathOf(file), ParseOptions))
            )
        );
        var result = Driver.RunGeneratorsAndUpdateCompilation(before, out var after, out var reported).GetRunResult().Results.Single();
        // CS8785 is how the compiler says that a generator threw.
        if ((result.Exception?.ToString() ?? reported.FirstOrDefault(diagnostic => diagnostic.Id == "CS8785")?.ToString()) is { } thrown)
            return new(before, after) { Exception = thrown, Findings = [] };
        // As an editor has it, with what is generated; and without, which must be the same, for every fourth run.
        var analyzed = Analyze(after, before);
        var alone = cases.Count == 1 || cases[0].Number / cases.Count % 4 == 0 ? Analyze(before, before) : analyzed;
        var differences = analyzed
            .Select(Text)
            .Except(alone.Select(Text))
            .Concat(alone.Select(Text).Except(analyzed.Select(Text)))
            .ToList();
        if (differences.Count > 0)
            return new(before, after) { Exception = "Generated code is read: " + string.Join("\n", differences), Findings = [] };
        return new(before, after)
        {
            Findings =
            [
                .. analyzed.Where(diagnostic =>
                    diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id.StartsWith("LRK", StringComparison.Ordinal)
                ),
            ],
        };
    }

    /// <summary>Files of cases by themselves.</summary>
    public static CSharpCompilation Compile(IEnumerable<SyntaxTree> trees) => Empty.AddSyntaxTrees(trees);

    private static List<Diagnostic> Analyze(Compilation compilation, CSharpCompilation written)
    {
        var symbols = Declared(compilation.Assembly.GlobalNamespace).ToList();
        return [.. Analyzers.SelectMany(analyzer => analyzer.Run(compilation, symbols, written.SyntaxTrees))];
    }

    private static string Text(Diagnostic diagnostic) => diagnostic.ToString();

    private static IEnumerable<ISymbol> Declared(INamespaceOrTypeSymbol around) =>
        around
            .GetMembers()
            .SelectMany(member =>
                member switch
                {
                    INamespaceSymbol inner => Declared(inner),
                    INamedTypeSymbol type => Declared(type).Prepend(type),
                    IPropertySymbol property => [property],
                    _ => Enumerable.Empty<ISymbol>(),
                }
            );

    // As few references as the cases need: every compilation looks through all of them for every name.
    private static CSharpCompilation Prepare()
    {
        var all = TestCompilation.Of();
        string[] own = ["LowRank.Runtime.dll", "TorchSharp.dll"];
        return all.WithAssemblyName("Fuzzed")
            .WithOptions(all.Options.WithConcurrentBuild(false))
            .WithReferences([
                Net100.References.SystemRuntime,
                Net100.References.SystemCollections,
                Net100.References.SystemLinq,
                .. all.References.Where(reference => own.Contains(Path.GetFileName(reference.Display))),
            ]);
    }
}
