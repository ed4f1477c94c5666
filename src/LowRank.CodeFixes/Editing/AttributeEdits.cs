using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Editing;

/// <summary>Adds and removes attributes.</summary>
internal static class AttributeEdits
{
    /// <summary>Adds an attribute on a line of its own, behind those that are there.</summary>
    public static TextChange Add(MemberDeclarationSyntax member, string attribute, SourceText text)
    {
        var position = FirstTokenBehindAttributes(member).SpanStart;
        var line = text.Lines.GetLineFromPosition(member.SpanStart);
        var indent = text.ToString(TextSpan.FromBounds(line.Start, member.SpanStart));
        indent = indent.Substring(0, indent.Length - indent.TrimStart().Length);
        return new(new(position, 0), $"[{attribute}]{NewLine(text)}{indent}");
    }

    /// <summary>Removes an attribute, and its brackets where it stands in them alone.</summary>
    public static TextChange Remove(AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        if (list.Attributes.Count == 1)
            return new(TextSpan.FromBounds(list.SpanStart, EndOfSpace(list.GetLastToken())), "");
        var index = list.Attributes.IndexOf(attribute);
        // With the comma in front of it, or behind it where it is the first.
        return index == 0
            ? new(TextSpan.FromBounds(attribute.SpanStart, list.Attributes[1].SpanStart), "")
            : new(TextSpan.FromBounds(list.Attributes[index - 1].Span.End, attribute.Span.End), "");
    }

    /// <summary>An attribute's name without its namespace and suffix.</summary>
    public static string NameOf(AttributeSyntax attribute)
    {
        var name = attribute.Name.ToString().Split('.', ':').Last();
        return name.EndsWith("Attribute", StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name;
    }

    public static string NewLine(SourceText text) =>
        text.Lines.Count > 1 && text.ToString(TextSpan.FromBounds(text.Lines[0].End, text.Lines[0].EndIncludingLineBreak)) == "\r\n"
            ? "\r\n"
            : "\n";

    private static SyntaxToken FirstTokenBehindAttributes(MemberDeclarationSyntax member) =>
        member.AttributeLists.Count == 0 ? member.GetFirstToken() : member.AttributeLists.Last().GetLastToken().GetNextToken();

    // Up to the next thing that is not white space: a comment or a directive in between stays.
    private static int EndOfSpace(SyntaxToken token)
    {
        var end = token.Span.End;
        foreach (var trivia in token.TrailingTrivia.Concat(token.GetNextToken().LeadingTrivia))
        {
            if (trivia.ToString().Trim().Length > 0)
                break;
            end = trivia.Span.End;
        }

        return end;
    }
}
