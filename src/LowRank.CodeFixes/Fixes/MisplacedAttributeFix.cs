using System.Composition;
using LowRank.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Removes an attribute from a class that declares no model, or makes the class a model of a usual small size.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MisplacedAttributeFix)), Shared]
public sealed class MisplacedAttributeFix() : SyntaxFix("LRK0007")
{
    private const string Transformer = "Transformer(vocabulary: 32_000, context: 1_024, width: 512, depth: 8)";

    private protected override IEnumerable<CodeAction> Offers(Document document, Diagnostic diagnostic, SyntaxNode node, SourceText text)
    {
        if (node.FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute)
            yield break;
        yield return Offer($"Remove [{attribute.Name}]", document, [AttributeEdits.Remove(attribute)], "Remove");
        if (node.FirstAncestorOrSelf<ClassDeclarationSyntax>() is { ParameterList: null, TypeParameterList: null } type)
        {
            var types = type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>();
            yield return Offer(
                $"Add [{Transformer}] to '{type.Identifier.ValueText}'",
                document,
                [AttributeEdits.Add(type, Transformer, text), .. ModifierEdits.MakePartial(types)],
                "Transformer"
            );
        }
    }
}
