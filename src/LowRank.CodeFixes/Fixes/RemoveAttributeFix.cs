using System.Composition;
using LowRank.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Removes one of two attributes that contradict each other, or one that does nothing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveAttributeFix)), Shared]
public sealed class RemoveAttributeFix() : SyntaxFix("LRK0103", "LRK0307", "LRK0308", "LRK0609")
{
    private protected override IEnumerable<CodeAction> Offers(Document document, Diagnostic diagnostic, SyntaxNode node, SourceText text)
    {
        string[] names = diagnostic.Id switch
        {
            "LRK0103" => ["Attention", "FeedForward"],
            "LRK0308" => ["Dense", "LowRank"],
            _ => [],
        };
        var attributes =
            names.Length == 0
                ? node.AncestorsAndSelf().OfType<AttributeSyntax>().Take(1)
                : node.FirstAncestorOrSelf<PropertyDeclarationSyntax>()
                    ?.AttributeLists.SelectMany(list => list.Attributes)
                    .Where(attribute => names.Contains(AttributeEdits.NameOf(attribute)))
                    ?? [];
        return attributes
            .Select(attribute =>
                Offer(
                    $"Remove [{AttributeEdits.NameOf(attribute)}]",
                    document,
                    [AttributeEdits.Remove(attribute)],
                    "Remove" + AttributeEdits.NameOf(attribute)
                )
            )
            .ToList();
    }
}
