using System.Collections.Immutable;
using System.Globalization;
using LowRank.CodeFixes.Fixes;
using LowRank.Generator.Analyzers;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.Generator.Tests.Harness;

/// <summary>
/// Applies every fix that is offered for what is found in some sources, each to the sources as they were. A fix changes something, answers
/// the finding that it is offered for, and leads into no error or warning that was not there before.
/// </summary>
internal static class OfferedFixes
{
    private static readonly ImmutableArray<CodeFixProvider> Providers =
    [
        .. typeof(Fix)
            .Assembly.GetTypes()
            .Where(type => type.IsDefined(typeof(ExportCodeFixProviderAttribute), inherit: false))
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    /// <summary>The titles of all fixes, after each was held to its promise.</summary>
    public static IReadOnlyList<string> AssertMend(params string[] sources)
    {
        var compilation = TestCompilation.Of(sources);
        var project = Project(compilation, sources);
        // What the generator writes is no part of what is found, nor of what fixes look at.
        var offers =
            from diagnostic in FoundIn(project.GetCompilationAsync().GetAwaiter().GetResult()!)
            from offer in OffersFor(diagnostic, project)
            select (diagnostic, offer);
        var tried = offers.ToList();
        if (tried.Count == 0)
            return [];
        var before = DiagnosticsOf(compilation);
        var complaints = tried
            .Select(pair => ComplaintOf(pair.offer, pair.diagnostic, project, compilation, before))
            .Where(complaint => complaint is not null)
            .ToList();
        Assert.True(complaints.Count == 0, $"{string.Join("\n", complaints)}\n{TextOf(project)}");
        return [.. tried.Select(pair => pair.offer.Title)];
    }

    private static string? ComplaintOf(
        CodeAction offer,
        Diagnostic diagnostic,
        Project project,
        CSharpCompilation compilation,
        ImmutableArray<Diagnostic> before
    )
    {
        var operation = Assert.Single(offer.GetOperationsAsync(CancellationToken.None).GetAwaiter().GetResult());
        var changed = Assert.IsType<ApplyChangesOperation>(operation).ChangedSolution.GetProject(project.Id)!;
        var about = $"'{offer.Title}' for {Line(diagnostic)}";
        if (TextOf(changed) == TextOf(project))
            return $"{about} changes nothing";
        var after = DiagnosticsOf(WithTextsOf(changed, compilation));
        if (Count(after, diagnostic.Id) >= Count(before, diagnostic.Id))
            return $"{about} leaves it";
        var arisen = after
            .Where(other => other.Severity >= DiagnosticSeverity.Warning && Count(after, other.Id) > Count(before, other.Id))
            .Where(other => !IsExpected(other.Id, before))
            .Select(other => $"\n    {Line(other)}")
            .ToList();
        return arisen.Count == 0 ? null : $"{about} leads into{string.Concat(arisen)}";
    }

    // Documentation is asked for once the rest is right, and budgets once all values are.
    private static bool IsExpected(string id, ImmutableArray<Diagnostic> before) =>
        id == "CS1591" || (id == "LRK0502" && before.Any(other => other.Severity == DiagnosticSeverity.Error));

    private static List<CodeAction> OffersFor(Diagnostic diagnostic, Project project)
    {
        var offers = new List<CodeAction>();
        var document = project.GetDocument(diagnostic.Location.SourceTree)!;
        foreach (var provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            provider
                .RegisterCodeFixesAsync(new(document, diagnostic, (action, _) => offers.Add(action), CancellationToken.None))
                .GetAwaiter()
                .GetResult();
        }

        return offers;
    }

    private static IEnumerable<Diagnostic> FoundIn(Compilation compilation) =>
        DeclaredTypes
            .In(compilation.Assembly.GlobalNamespace)
            .Where(type => !GeneratedPart.IsAllOf(type))
            .SelectMany(type => FoundDiagnostics.In(type, CancellationToken.None))
            .Concat(FoundDiagnostics.OfAssembly(compilation.Assembly, CancellationToken.None));

    private static ImmutableArray<Diagnostic> DiagnosticsOf(CSharpCompilation compilation)
    {
        CSharpGeneratorDriver
            .Create([new LowRankGenerator().AsSourceGenerator()], parseOptions: TestCompilation.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        // Bodies of generated methods are others' to hold, and take most of the time.
        var ofCompiler = compilation
            .SyntaxTrees.SelectMany(tree => generated.GetSemanticModel(tree).GetMethodBodyDiagnostics())
            .Concat(generated.GetParseDiagnostics())
            .Concat(generated.GetDeclarationDiagnostics());
        return [.. FoundIn(generated), .. ofCompiler.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];
    }

    private static CSharpCompilation WithTextsOf(Project project, CSharpCompilation compilation)
    {
        foreach (var document in project.Documents)
        {
            var tree = compilation.SyntaxTrees.Single(tree => tree.FilePath == document.FilePath);
            var text = document.GetTextAsync().GetAwaiter().GetResult();
            if (!text.ContentEquals(tree.GetText()))
                compilation = compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(text));
        }

        return compilation;
    }

    private static Project Project(CSharpCompilation compilation, string[] sources)
    {
        var id = ProjectId.CreateNewId();
        var solution = new AdhocWorkspace().CurrentSolution.AddProject(
            ProjectInfo.Create(
                id,
                VersionStamp.Default,
                "Declared",
                compilation.AssemblyName!,
                LanguageNames.CSharp,
                compilationOptions: compilation.Options,
                parseOptions: TestCompilation.ParseOptions,
                metadataReferences: compilation.References
            )
        );
        foreach (var (tree, source) in compilation.SyntaxTrees.Zip(sources))
        {
            var name = Path.GetFileName(tree.FilePath);
            solution = solution.AddDocument(DocumentId.CreateNewId(id), name, SourceText.From(source), filePath: tree.FilePath);
        }

        return solution.GetProject(id)!;
    }

    private static string TextOf(Project project) =>
        string.Join("\n", project.Documents.Select(document => document.GetTextAsync().GetAwaiter().GetResult()));

    private static int Count(ImmutableArray<Diagnostic> diagnostics, string id) => diagnostics.Count(diagnostic => diagnostic.Id == id);

    private static string Line(Diagnostic diagnostic) => $"{diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
}
