using System.Composition;
using LowRank.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Makes a model's class and the types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PartialTypeFix)), Shared]
public sealed class PartialTypeFix() : Fix("LRK0001", "LRK0002")
{
    private protected override IEnumerable<Offer> Offers(Diagnostic diagnostic, Place place)
    {
        var types = place.Node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().ToList();
        // One without the other would only move the error.
        yield return new(
            types.Count > 1 ? "Make the class and the types around it partial" : "Make the class partial",
            place.Document,
            [.. ModifierEdits.MakePartial(types)],
            "Partial"
        );
    }
}
