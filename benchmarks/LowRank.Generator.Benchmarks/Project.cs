extern alias runtime;

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Basic.Reference.Assemblies;
using LowRank.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.Generator.Benchmarks;

/// <summary>
/// A project with some models and one file that declares none, open in an editor. Edits are keystrokes: the file's tree is replaced, and
/// the driver of the last run runs again.
/// </summary>
internal sealed class Project
{
    private const string UnrelatedPath = "/experiments/Unrelated.cs";

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. Net100.References.All,
        MetadataReference.CreateFromFile(typeof(runtime::LowRank.Models.LanguageModel).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(TorchSharp.torch).Assembly.Location),
    ];

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        new DeclarationAnalyzer(),
        new MisplacedAttributeAnalyzer(),
        new UnheldTensorAnalyzer(),
    ];

    private readonly int models;
    private CSharpCompilation compilation;
    private GeneratorDriver driver = NewDriver(new LowRankGenerator());
    private GeneratorDriver lookup = NewDriver(new LookupGenerator());
    private Compilation? whole;
    private ImmutableArray<GeneratedSourceResult> generated;
    private int edits;

    public Project(int models)
    {
        this.models = models;
        compilation = Compilation(
            Enumerable.Range(0, models).Select(index => Parse(ModelSource.Of(index), PathOf(index))).Append(Unrelated(0))
        );
        AssertSound();
    }

    /// <summary>A compilation that has not been bound yet, seen by a driver that has not seen it.</summary>
    public Action ColdRun()
    {
        var fresh = Compilation(compilation.SyntaxTrees);
        var first = NewDriver(new LowRankGenerator());
        return () => first.RunGenerators(fresh);
    }

    /// <summary>A keystroke in the file that declares nothing.</summary>
    public Action UnrelatedKeystroke() => Edit(Unrelated(++edits));

    /// <summary>A keystroke within a method that a user has added to a model.</summary>
    public Action KeystrokeInOwnMethod()
    {
        edits++;
        var source = ModelSource.Of(0);
        return Edit(
            Parse(
                source.Insert(
                    source.LastIndexOf('}'),
                    $"    private static int Own() => {edits.ToString(CultureInfo.InvariantCulture)};\n"
                ),
                PathOf(0)
            )
        );
    }

    /// <summary>
    /// The same keystroke for a generator that does nothing but look for the attributes: what no generator of this kind gets below.
    /// </summary>
    public Action UnrelatedKeystrokeOfLookup()
    {
        var edit = ReplacementOf(Unrelated(++edits));
        return () =>
        {
            compilation = edit();
            lookup = lookup.RunGenerators(compilation);
        };
    }

    /// <summary>A keystroke in one model's attribute.</summary>
    public Action ModelEdit()
    {
        edits++;
        var index = edits % models;
        return Edit(Parse(ModelSource.Of(index, edits), PathOf(index)));
    }

    /// <summary>
    /// The first one, and what analyzers say about the file that was edited: milliseconds of the generator's driver and of our analyzers
    /// themselves, as the compiler's analyzer driver logs them.
    /// </summary>
    public double UnrelatedKeystrokeWithAnalyzers() => EditAndAnalyze(Unrelated(++edits), Analyzers).Ours;

    /// <summary>The same with all that the analyzer driver does around them.</summary>
    public double UnrelatedKeystrokeWithDriver() => EditAndAnalyze(Unrelated(++edits), Analyzers).All;

    /// <summary>The same with an analyzer that does nothing.</summary>
    public double UnrelatedKeystrokeWithIdleAnalyzer() => EditAndAnalyze(Unrelated(++edits), [new IdleAnalyzer()]).All;

    /// <summary>A keystroke in one model's attribute, and what our analyzers say about its file.</summary>
    public double ModelEditWithAnalyzers()
    {
        edits++;
        var index = edits % models;
        return EditAndAnalyze(Parse(ModelSource.Of(index, edits), PathOf(index)), Analyzers).Ours;
    }

    private (double Ours, double All) EditAndAnalyze(SyntaxTree tree, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        var edit = ReplacementOf(tree);
        var start = Stopwatch.GetTimestamp();
        compilation = edit();
        driver = driver.RunGenerators(compilation);
        var generator = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        var analyzed = WithGenerated(tree);
        var with = analyzed.WithAnalyzers(
            analyzers,
            new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: true, logAnalyzerExecutionTime: true)
        );
        var found = with.GetAnalyzerSemanticDiagnosticsAsync(analyzed.GetSemanticModel(tree), null, CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        var all = generator + Stopwatch.GetElapsedTime(start);
        if (found.FirstOrDefault(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning) is { } wrong)
            throw new InvalidOperationException(wrong.ToString());
        var own = analyzers.Aggregate(
            generator,
            (sum, analyzer) =>
                sum + with.GetAnalyzerTelemetryInfoAsync(analyzer, CancellationToken.None).GetAwaiter().GetResult().ExecutionTime
        );
        return (own.TotalMilliseconds, all.TotalMilliseconds);
    }

    // An editor's workspace keeps the compilation with the generated files and replaces in it what has changed: the edited file, and those
    // whose text the generator has written anew. The driver hands out new trees of the others, too.
    private Compilation WithGenerated(SyntaxTree edited)
    {
        var sources = driver.GetRunResult().Results.Single().GeneratedSources;
        if (whole is null)
        {
            whole = compilation.AddSyntaxTrees(sources.Select(source => source.SyntaxTree));
            generated = sources;
            return whole;
        }

        whole = whole.ReplaceSyntaxTree(TreeOf(edited.FilePath), edited);
        foreach (var (before, after) in generated.Zip(sources).Where(pair => pair.First.SourceText != pair.Second.SourceText))
            whole = whole.ReplaceSyntaxTree(TreeOf(before.SyntaxTree.FilePath), after.SyntaxTree);
        generated = sources;
        return whole;
    }

    private SyntaxTree TreeOf(string path) => whole!.SyntaxTrees.First(tree => tree.FilePath == path);

    private Action Edit(SyntaxTree tree)
    {
        var edit = ReplacementOf(tree);
        return () =>
        {
            compilation = edit();
            driver = driver.RunGenerators(compilation);
        };
    }

    // Parsing the edited file is the editor's with or without a generator, and is done beforehand.
    private Func<CSharpCompilation> ReplacementOf(SyntaxTree tree)
    {
        var (before, old) = (compilation, compilation.SyntaxTrees.First(candidate => candidate.FilePath == tree.FilePath));
        return () => before.ReplaceSyntaxTree(old, tree);
    }

    // A figure for declarations that are refused would be one for doing nothing.
    private void AssertSound()
    {
        driver = driver.RunGenerators(compilation);
        var result = driver.GetRunResult();
        var wrong = result.GeneratedTrees.FirstOrDefault(tree =>
            tree.ToString().Contains("declared with errors", StringComparison.Ordinal)
        );
        if (wrong is not null)
            throw new InvalidOperationException(wrong.ToString());
        // Two files per model, and the catalog.
        if (result.GeneratedTrees.Length != 2 * models + 1)
            throw new InvalidOperationException($"{result.GeneratedTrees.Length} files were generated for {models} models.");
    }

    private static CSharpGeneratorDriver NewDriver(IIncrementalGenerator generator) =>
        CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: ParseOptions);

    private static CSharpCompilation Compilation(IEnumerable<SyntaxTree> trees) =>
        CSharpCompilation.Create(
            "Experiments",
            trees,
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );

    private static SyntaxTree Unrelated(int value) =>
        Parse(
            $"namespace Experiments;\n\ninternal static class Unrelated\n{{\n    public static int Value() => {value.ToString(CultureInfo.InvariantCulture)};\n}}\n",
            UnrelatedPath
        );

    private static SyntaxTree Parse(string source, string path) =>
        CSharpSyntaxTree.ParseText(SourceText.From(source, Encoding.UTF8), ParseOptions, path);

    private static string PathOf(int index) => $"/experiments/Experiment{index.ToString(CultureInfo.InvariantCulture)}.cs";
}
