using System.Composition;
using LowRank.CodeFixes.Editing;
using LowRank.Generator.Checks;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>
/// Gives a model without sublayers the usual two, and a sublayer without a kind one of them. The rule has worked out the sizes.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ProposedSublayerFix)), Shared]
public sealed class ProposedSublayerFix() : SyntaxFix("LRK0005", "LRK0104")
{
    private protected override IEnumerable<CodeAction> Offers(Document document, Diagnostic diagnostic, SyntaxNode node, SourceText text)
    {
        if (!diagnostic.Properties.TryGetValue(FindingProperties.Attributes, out var proposed) || proposed is null)
            return [];
        var attributes = proposed.Split(Suggestions.Separator);
        if (node.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { } property)
        {
            return attributes.Select(attribute =>
                Offer($"Add [{attribute}]", document, [AttributeEdits.Add(property, attribute, text)], attribute.Split('(')[0])
            );
        }

        return node.FirstAncestorOrSelf<ClassDeclarationSyntax>() is { } type
            ? [Offer("Add an attention and a feed-forward sublayer", document, [Members(type, attributes, text)], "Sublayers")]
            : [];
    }

    private static TextChange Members(ClassDeclarationSyntax type, string[] attributes, SourceText text)
    {
        var newLine = AttributeEdits.NewLine(text);
        var line = text.Lines.GetLineFromPosition(type.SpanStart).ToString();
        var indent = line.Substring(0, line.Length - line.TrimStart().Length);
        var properties = string.Join(
            newLine + newLine,
            attributes.Select(attribute =>
                $"{indent}    [{attribute}]{newLine}{indent}    public partial Sublayer {attribute.Split('(')[0]} {{ get; }}"
            )
        );
        // class Model; has no braces yet.
        return type.OpenBraceToken.Span.IsEmpty
            ? new(type.SemicolonToken.Span, $"{newLine}{indent}{{{newLine}{properties}{newLine}{indent}}}")
            : new(new(type.OpenBraceToken.Span.End, 0), newLine + properties);
    }
}
