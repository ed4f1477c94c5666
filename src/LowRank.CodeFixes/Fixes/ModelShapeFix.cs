using System.Composition;
using LowRank.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Makes a plain class of a static, abstract or file-local one, or of a record without a primary constructor.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ModelShapeFix)), Shared]
public sealed class ModelShapeFix() : Fix("LRK0003")
{
    private static readonly SyntaxKind[] Obstacles = [SyntaxKind.StaticKeyword, SyntaxKind.AbstractKeyword, SyntaxKind.FileKeyword];

    private protected override IEnumerable<Offer> Offers(Diagnostic diagnostic, Place place)
    {
        if (place.Node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { ParameterList: null, TypeParameterList: null } type)
            yield break;
        if (type is RecordDeclarationSyntax record)
        {
            var keywords = record.ClassOrStructKeyword.IsKind(SyntaxKind.None)
                ? record.Keyword.Span
                : TextSpan.FromBounds(record.Keyword.SpanStart, record.ClassOrStructKeyword.Span.End);
            yield return new("Make the record a class", place.Document, [new(keywords, "class")], "Class");
        }
        else if (type.Modifiers.Where(modifier => Obstacles.Contains(modifier.Kind())).ToList() is { Count: > 0 } modifiers)
        {
            yield return new(
                $"Remove '{string.Join(" ", modifiers)}'",
                place.Document,
                [.. modifiers.Select(ModifierEdits.Remove)],
                "Modifiers"
            );
        }
    }
}
