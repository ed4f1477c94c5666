using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Refactorings;

/// <summary>The declared sublayer in which the cursor stands.</summary>
internal sealed record PropertyAtCursor(PropertyDeclarationSyntax Syntax, DeclaredSublayer Sublayer, SourceText Text)
{
    public static async Task<PropertyAtCursor?> FindAsync(CodeRefactoringContext context)
    {
        var root = (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (root.FindNode(context.Span).FirstAncestorOrSelf<PropertyDeclarationSyntax>() is not { AttributeLists.Count: > 0 } syntax)
            return null;
        var model = (await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false))!;
        return model.GetDeclaredSymbol(syntax, context.CancellationToken) is { } property && DeclaredSublayer.Of(property) is { } sublayer
            ? new(syntax, sublayer, await context.Document.GetTextAsync(context.CancellationToken).ConfigureAwait(false))
            : null;
    }
}
