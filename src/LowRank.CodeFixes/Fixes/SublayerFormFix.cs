using System.Composition;
using LowRank.CodeFixes.Editing;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Gives a property the form of a sublayer: <c>public partial Sublayer Name { get; }</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SublayerFormFix)), Shared]
public sealed class SublayerFormFix() : Fix("LRK0101", "LRK0102")
{
    private static readonly SyntaxKind[] Misleading =
    [
        SyntaxKind.PartialKeyword,
        SyntaxKind.StaticKeyword,
        SyntaxKind.RequiredKeyword,
        SyntaxKind.AbstractKeyword,
        SyntaxKind.OverrideKeyword,
    ];

    private protected override IEnumerable<Offer> Offers(Diagnostic diagnostic, Place place)
    {
        if (place.Node.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is not { Parent: TypeDeclarationSyntax type } property)
            yield break;
        var modifiers = string.Join(
            " ",
            property
                .Modifiers.Where(modifier => !Misleading.Contains(modifier.Kind()))
                .Select(modifier => modifier.ValueText)
                .Append("partial")
        );
        var form = $"{modifiers} {TypeName(property, place.Model)} {property.Identifier.Text} {{ get; }}";
        var start = property.Modifiers.Count > 0 ? property.Modifiers[0].SpanStart : property.Type.SpanStart;
        var changes = new List<TextChange> { new(TextSpan.FromBounds(start, property.Span.End), form) };
        // The generator writes the other part: one of the user's own has to go.
        changes.AddRange(OtherParts(property, type).Select(part => new TextChange(part.FullSpan, "")));
        changes.AddRange(ModifierEdits.MakePartial(type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()));
        yield return new($"Declare as '{form}'", place.Document, changes, "SublayerForm");
    }

    private static IEnumerable<PropertyDeclarationSyntax> OtherParts(PropertyDeclarationSyntax property, TypeDeclarationSyntax type) =>
        ModifierEdits.IsPartial(property)
            ? type
                .Members.OfType<PropertyDeclarationSyntax>()
                .Where(other => other != property && other.Identifier.ValueText == property.Identifier.ValueText)
            : [];

    // The type as written where it is right but for a question mark, so that a qualified name stays one.
    private static string TypeName(PropertyDeclarationSyntax property, SemanticModel model)
    {
        var written = property.Type is NullableTypeSyntax nullable ? nullable.ElementType : property.Type;
        return written is NameSyntax && model.GetTypeInfo(written).Type is { } type && LowRankNames.IsSublayer(type)
            ? written.ToString()
            : LibraryNames.Type("Sublayer", model, property.SpanStart);
    }
}
