using System.Composition;
using LowRank.CodeFixes.Editing;
using LowRank.Generator.Checks;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.CodeFixes.Fixes;

/// <summary>
/// Gives a model without sublayers the usual two, and a sublayer without a kind one of them. The rule has worked out the sizes.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ProposedSublayerFix)), Shared]
public sealed class ProposedSublayerFix() : Fix("LRK0005", "LRK0104")
{
    private protected override IEnumerable<Offer> Offers(Diagnostic diagnostic, Place place)
    {
        if (!diagnostic.Properties.TryGetValue(FindingProperties.Attributes, out var proposed) || proposed is null)
            return [];
        var attributes = proposed.Split(Suggestions.Separator);
        if (place.Node.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { } property)
        {
            return attributes
                .Select(attribute =>
                    (Name: attribute.Split('(')[0], Written: LibraryNames.Attribute(attribute, place.Model, property.SpanStart))
                )
                .Select(attribute => new Offer(
                    $"Add [{attribute.Written}]",
                    place.Document,
                    [AttributeEdits.Add(property, attribute.Written, place.Text)],
                    attribute.Name
                ));
        }

        if (place.Node.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } type)
            return [];
        return
        [
            new(
                "Add an attention and a feed-forward sublayer",
                place.Document,
                [
                    SublayerEdits.Add(type, attributes, place.Model, place.Text),
                    .. ModifierEdits.MakePartial(type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()),
                ],
                "Sublayers"
            ),
        ];
    }
}
