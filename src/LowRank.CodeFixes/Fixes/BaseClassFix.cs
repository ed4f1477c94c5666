using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Removes the base class of a model, and leaves its interfaces.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BaseClassFix)), Shared]
public sealed class BaseClassFix() : Fix("LRK0004")
{
    private protected override async Task<IEnumerable<CodeAction>> OffersAsync(
        CodeFixContext context,
        Diagnostic diagnostic,
        SyntaxNode node,
        SourceText text
    )
    {
        if (node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { BaseList: { } list } type)
            return [];
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        // C# wants the base class first.
        var first = list.Types[0];
        if (model.GetTypeInfo(first.Type, context.CancellationToken).Type?.TypeKind == TypeKind.Interface)
            return [];
        var change =
            list.Types.Count > 1
                ? new TextChange(TextSpan.FromBounds(first.SpanStart, list.Types[1].SpanStart), "")
                : new TextChange(TextSpan.FromBounds(list.ColonToken.GetPreviousToken().Span.End, list.Span.End), "");
        return [Offer($"Remove the base class '{first.Type}'", context.Document, [change], "BaseClass")];
    }
}
