using System.Composition;
using LowRank.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Makes a model's class and the types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PartialTypeFix)), Shared]
public sealed class PartialTypeFix() : SyntaxFix("LRK0001", "LRK0002")
{
    private protected override IEnumerable<CodeAction> Offers(Document document, Diagnostic diagnostic, SyntaxNode node, SourceText text)
    {
        var types = node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().ToList();
        // One without the other would only move the error.
        yield return Offer(
            types.Count > 1 ? "Make the class and the types around it partial" : "Make the class partial",
            document,
            ModifierEdits.MakePartial(types),
            "Partial"
        );
    }
}
