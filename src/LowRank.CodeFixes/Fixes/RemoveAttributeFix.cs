using System.Composition;
using LowRank.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Removes one of two attributes that contradict each other, or one that does nothing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveAttributeFix)), Shared]
public sealed class RemoveAttributeFix()
    : Fix("LRK0103", "LRK0307", "LRK0308", "LRK0315", "LRK0505", "LRK0506", "LRK0602", "LRK0609", "LRK0704")
{
    private protected override IEnumerable<Offer> Offers(Diagnostic diagnostic, Place place)
    {
        string[] names = diagnostic.Id switch
        {
            "LRK0103" => ["Attention", "FeedForward", "Part"],
            "LRK0308" => ["Dense", "LowRank"],
            "LRK0602" => ["Module", "Transformer"],
            _ => [],
        };
        var attributes =
            names.Length == 0
                ? place.Node.AncestorsAndSelf().OfType<AttributeSyntax>().Take(1)
                : place
                    .Node.FirstAncestorOrSelf<MemberDeclarationSyntax>()
                    ?.AttributeLists.SelectMany(list => list.Attributes)
                    .Where(attribute => names.Contains(AttributeEdits.NameOf(attribute)))
                    ?? [];
        // Those of one name contradict the other together.
        return attributes
            .GroupBy(AttributeEdits.NameOf)
            .Select(group => new Offer(
                $"Remove [{group.Key}]",
                place.Document,
                [.. AttributeEdits.Remove([.. group])],
                "Remove" + group.Key
            ))
            .ToList();
    }
}
