using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Editing;

/// <summary>Adds sublayers to a class.</summary>
internal static class SublayerEdits
{
    /// <summary>Adds a property for each attribute, named for it unless the class has something of that name.</summary>
    public static TextChange Add(ClassDeclarationSyntax type, IEnumerable<string> attributes, SemanticModel model, SourceText text)
    {
        var newLine = AttributeEdits.NewLine(text);
        var line = text.Lines.GetLineFromPosition(type.SpanStart).ToString();
        var indent = line.Substring(0, line.Length - line.TrimStart().Length);
        // Within the class, where its members' names hide others.
        var position = type.OpenBraceToken.Span.IsEmpty ? type.SpanStart : type.OpenBraceToken.Span.End;
        var sublayer = LibraryNames.Type("Sublayer", model, position);
        var properties = string.Join(
            newLine + newLine,
            attributes.Select(attribute =>
                $"{indent}    [{LibraryNames.Attribute(attribute, model, position)}]{newLine}"
                + $"{indent}    public partial {sublayer} {FreeName(attribute.Split('(')[0], type, model)} {{ get; }}"
            )
        );
        // class Model; has no braces yet.
        return type.OpenBraceToken.Span.IsEmpty
            ? new(type.SemicolonToken.Span, $"{newLine}{indent}{{{newLine}{properties}{newLine}{indent}}}")
            : new(new(type.OpenBraceToken.Span.End, 0), newLine + properties + (IsOnOneLine(type, text) ? newLine + indent : ""));
    }

    // The layer's class is generated under its name, too.
    private static string FreeName(string name, ClassDeclarationSyntax type, SemanticModel model)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { type.Identifier.ValueText };
        taken.UnionWith(model.GetDeclaredSymbol(type)!.GetMembers().Select(member => member.Name));
        return new[] { name, "Own" + name, name + "1" }.First(candidate =>
            (!taken.Contains(candidate) && !taken.Contains(candidate + "Layer")) || candidate.EndsWith("1", StringComparison.Ordinal)
        );
    }

    private static bool IsOnOneLine(ClassDeclarationSyntax type, SourceText text) =>
        text.Lines.GetLineFromPosition(type.OpenBraceToken.SpanStart).LineNumber
        == text.Lines.GetLineFromPosition(type.CloseBraceToken.SpanStart).LineNumber;
}
