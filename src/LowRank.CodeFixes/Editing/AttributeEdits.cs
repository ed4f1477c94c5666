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
    public static TextChange Remove(AttributeSyntax attribute) => Remove([attribute])[0];

    /// <summary>Removes several, and the brackets of which nothing is left.</summary>
    public static List<TextChange> Remove(IReadOnlyList<AttributeSyntax> attributes) =>
        attributes
            .GroupBy(attribute => (AttributeListSyntax)attribute.Parent!)
            .SelectMany(group => group.Count() == group.Key.Attributes.Count ? [Remove(group.Key)] : RemoveFrom(group.Key, [.. group]))
            .ToList();

    private static TextChange Remove(AttributeListSyntax list) =>
        new(TextSpan.FromBounds(list.SpanStart, EndOfSpace(list.GetLastToken())), "");

    // With the comma in front of each, or behind it where none that stays is in front.
    private static IEnumerable<TextChange> RemoveFrom(AttributeListSyntax list, List<AttributeSyntax> removed)
    {
        var all = list.Attributes;
        var firstKept = all.TakeWhile(removed.Contains).Count();
        for (var index = 0; index < all.Count; index++)
        {
            if (!removed.Contains(all[index]))
                continue;
            yield return index < firstKept
                ? new(TextSpan.FromBounds(all[index].SpanStart, all[index + 1].SpanStart), "")
                : new(TextSpan.FromBounds(all[index - 1].Span.End, all[index].Span.End), "");
        }
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
