using System.Composition;
using LowRank.CodeFixes.Editing;
using LowRank.Generator.Analyzers;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Removes an attribute from a class that declares no model, or makes the class a model of a usual small size.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MisplacedAttributeFix)), Shared]
public sealed class MisplacedAttributeFix() : Fix("LRK0007")
{
    private const string Transformer = "Transformer(vocabulary: 32_000, context: 1_024, width: 512, depth: 8)";

    private static readonly string[] Sublayers = ["Attention(heads: 8)", "FeedForward(hidden: 2_048)"];

    private protected override IEnumerable<Offer> Offers(Diagnostic diagnostic, Place place)
    {
        if (place.Node.FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute)
            yield break;
        yield return new($"Remove [{attribute.Name}]", place.Document, [AttributeEdits.Remove(attribute)], "Remove");
        if (
            AttributeHomes.Of(AttributeEdits.NameOf(attribute)).Contains("Transformer")
            && attribute.FirstAncestorOrSelf<ClassDeclarationSyntax>() is { ParameterList: null, TypeParameterList: null } type
            && place.Model.GetDeclaredSymbol(type) is INamedTypeSymbol symbol
        )
        {
            // What is a module already becomes no transformer.
            if (LanguageAttributes.AttributesOf(symbol).Keys.Any(name => AttributeHomes.Of(name).Length == 0))
                yield break;
            var written = LibraryNames.Attribute(Transformer, place.Model, type.SpanStart);
            var changes = new List<TextChange> { AttributeEdits.Add(type, written, place.Text) };
            changes.AddRange(ModifierEdits.MakePartial(type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()));
            if (!symbol.GetMembers().OfType<IPropertySymbol>().Any(IsSublayer))
                changes.Add(SublayerEdits.Add(type, Sublayers, place.Model, place.Text));
            yield return new($"Add [{written}] to '{type.Identifier.ValueText}'", place.Document, changes, "Transformer");
        }
    }

    private static bool IsSublayer(IPropertySymbol property) =>
        LanguageAttributes.AttributesOf(property).Keys.Any(name => name is "Attention" or "FeedForward");
}
