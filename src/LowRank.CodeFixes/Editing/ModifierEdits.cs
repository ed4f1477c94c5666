using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Editing;

/// <summary>Adds and removes modifiers of types.</summary>
internal static class ModifierEdits
{
    /// <summary><c>partial</c> is the last modifier, in front of the keyword.</summary>
    public static IEnumerable<TextChange> MakePartial(IEnumerable<TypeDeclarationSyntax> types) =>
        types.Where(type => !IsPartial(type)).Select(type => new TextChange(new(type.Keyword.SpanStart, 0), "partial "));

    public static bool IsPartial(MemberDeclarationSyntax member) => member.Modifiers.Any(SyntaxKind.PartialKeyword);

    public static TextChange Remove(SyntaxToken modifier) =>
        new(TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), "");
}
