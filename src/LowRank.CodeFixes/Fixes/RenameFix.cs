using System.Collections.Immutable;
using System.Composition;
using LowRank.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Rename;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Renames what bears a name that generated code needs, wherever it is used.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RenameFix)), Shared]
public sealed class RenameFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["LRK0006"];

    /// <inheritdoc/>
    // Each renaming touches many files; several at once would overwrite one another.
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            var place = await Place.OfAsync(context.Document.Project, diagnostic.Location, context.CancellationToken).ConfigureAwait(false);
            if (
                place is not { Node: not ConstructorDeclarationSyntax }
                || place.Model.GetDeclaredSymbol(place.Node, context.CancellationToken) is not { Name.Length: > 0 } symbol
                || FreeName(symbol, context.CancellationToken) is not { } name
            )
                continue;
            context.RegisterCodeFix(
                CodeAction.Create(
                    $"Rename to '{name}'",
                    cancellation => Renamer.RenameSymbolAsync(context.Document.Project.Solution, symbol, default, name, cancellation),
                    "Rename"
                ),
                diagnostic
            );
        }
    }

    // The usual name, with a number where that is taken.
    private static string? FreeName(ISymbol symbol, CancellationToken cancellation)
    {
        var usual = symbol is INamedTypeSymbol { DeclaredAccessibility: not Accessibility.Private }
            ? symbol.Name + "Model"
            : "Own" + char.ToUpperInvariant(symbol.Name[0]) + symbol.Name.Substring(1);
        return Enumerable
            .Range(1, 9)
            .Select(number => number == 1 ? usual : usual + number)
            .FirstOrDefault(name => IsFree(name, symbol, cancellation));
    }

    private static bool IsFree(string name, ISymbol symbol, CancellationToken cancellation)
    {
        INamespaceOrTypeSymbol around = symbol.ContainingType is { } type ? type : symbol.ContainingNamespace;
        return around.GetMembers(name).IsEmpty && !FoundDiagnostics.IsReserved(name, symbol, cancellation);
    }
}
