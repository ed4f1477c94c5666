using LowRank.CodeFixes.Editing;
using LowRank.Generator.Analyzers;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.CodeFixes.Fixes;

/// <summary>
/// Tries a change before it is offered: the finding that it is for must be gone, and nothing new be wrong. Rules know of one another as
/// little here as elsewhere; what a suggestion of one leads to, the others say. Files that generators write are left out, since they
/// belong to the declaration as it was.
/// </summary>
internal sealed class Trial(Project project)
{
    private const string MissingImplementation = "CS9248";

    private readonly Dictionary<SyntaxTree, List<Diagnostic>> known = [];
    private Compilation? written;

    /// <summary>Whether the changes mend what is found under an id and lead into nothing else.</summary>
    public async Task<bool> MendsAsync(Offer offer, string id, CancellationToken cancellation)
    {
        written ??= WithoutGenerated((await project.GetCompilationAsync(cancellation).ConfigureAwait(false))!);
        var solution = await TextEdits.ApplyAsync(offer.Document, offer.Changes, cancellation).ConfigureAwait(false);
        var changed = solution.GetDocument(offer.Document.Id)!;
        var tree = (await offer.Document.GetSyntaxTreeAsync(cancellation).ConfigureAwait(false))!;
        var changedTree = (await changed.GetSyntaxTreeAsync(cancellation).ConfigureAwait(false))!;
        if (!known.TryGetValue(tree, out var before))
            known.Add(tree, before = FoundIn(written, tree, cancellation));
        var after = FoundIn(written.ReplaceSyntaxTree(tree, changedTree), changedTree, cancellation);
        var isGone = Count(before, id) == 0 || Count(after, id) < Count(before, id);
        return isGone
            && !after.Any(other => IsWrong(other) && Count(after, other.Id) > Count(before, other.Id) && !IsExpected(other, before));
    }

    private static Compilation WithoutGenerated(Compilation compilation) =>
        compilation.RemoveSyntaxTrees(compilation.SyntaxTrees.Where(GeneratedPart.Contains));

    // What the language has to say about a file, and the errors of C#.
    private static List<Diagnostic> FoundIn(Compilation compilation, SyntaxTree tree, CancellationToken cancellation)
    {
        var model = compilation.GetSemanticModel(tree);
        var root = tree.GetRoot(cancellation);
        var types = root.DescendantNodes()
            .OfType<TypeDeclarationSyntax>()
            .Select(type => model.GetDeclaredSymbol(type, cancellation))
            .OfType<INamedTypeSymbol>()
            .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        var findings = types.SelectMany(type => FoundDiagnostics.In(type, cancellation));
        // A class may become a model of which an attribute of the assembly speaks, wherever that stands.
        findings = findings.Concat(FoundDiagnostics.OfAssembly(compilation.Assembly, cancellation));
        var errors = model
            .GetDiagnostics(cancellationToken: cancellation)
            .Where(error => error.Severity == DiagnosticSeverity.Error && !IsForGenerator(error, model));
        return [.. findings, .. errors];
    }

    private static int Count(List<Diagnostic> found, string id) => found.Count(diagnostic => diagnostic.Id == id);

    private static bool IsWrong(Diagnostic diagnostic) => diagnostic.DefaultSeverity >= DiagnosticSeverity.Warning;

    // Of a model that is otherwise wrong nobody has asked yet whether it keeps to its budget.
    private static bool IsExpected(Diagnostic arisen, List<Diagnostic> before) =>
        arisen.Id == CostRules.BudgetExceeded.Id && before.Any(diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error);

    // A property whose other part is generated has none here.
    private static bool IsForGenerator(Diagnostic error, SemanticModel model) =>
        error.Id == MissingImplementation
        && model.SyntaxTree.GetRoot().FindNode(error.Location.SourceSpan).FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { } syntax
        && model.GetDeclaredSymbol(syntax) is IPropertySymbol property
        && FoundDiagnostics.IsDeclared(property);
}
