using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>A fix that needs nothing but the syntax around a diagnostic.</summary>
public abstract class SyntaxFix : Fix
{
    private protected SyntaxFix(params string[] ids)
        : base(ids) { }

    private protected sealed override Task<IEnumerable<CodeAction>> OffersAsync(
        CodeFixContext context,
        Diagnostic diagnostic,
        SyntaxNode node,
        SourceText text
    ) => Task.FromResult(Offers(context.Document, diagnostic, node, text));

    private protected abstract IEnumerable<CodeAction> Offers(Document document, Diagnostic diagnostic, SyntaxNode node, SourceText text);
}
