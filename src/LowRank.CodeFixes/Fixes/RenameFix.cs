using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Rename;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Renames what bears a name that generated code needs, wherever it is used.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RenameFix)), Shared]
public sealed class RenameFix() : Fix("LRK0006")
{
    /// <inheritdoc/>
    // Each renaming touches many files; several at once would overwrite one another.
    public override FixAllProvider? GetFixAllProvider() => null;

    private protected override async Task<IEnumerable<CodeAction>> OffersAsync(
        CodeFixContext context,
        Diagnostic diagnostic,
        SyntaxNode node,
        SourceText text
    )
    {
        var model = (await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (
            node is ConstructorDeclarationSyntax
            || model.GetDeclaredSymbol(node, context.CancellationToken) is not { } symbol
            || symbol.Name.Length == 0
        )
            return [];
        var name = symbol is INamedTypeSymbol { DeclaredAccessibility: not Accessibility.Private }
            ? symbol.Name + "Model"
            : "Own" + Capital(symbol.Name);
        return
        [
            CodeAction.Create(
                $"Rename to '{name}'",
                cancellation => Renamer.RenameSymbolAsync(context.Document.Project.Solution, symbol, default, name, cancellation),
                "Rename"
            ),
        ];
    }

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
