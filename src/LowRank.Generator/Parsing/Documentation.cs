using System.Xml;
using System.Xml.Linq;
using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LowRank.Generator.Parsing;

/// <summary>Reads the user's documentation comments, which generated documentation would otherwise hide.</summary>
internal static class Documentation
{
    // All that end a line in C#: within a block comment they are text, behind the slashes of generated lines they would let it out.
    private static readonly char[] LineEnds = ['\n', '\r', '\u0085', '\u2028', '\u2029'];

    /// <summary>The lines of the comment, without slashes; none where there is no comment or it is not well-formed.</summary>
    public static EquatableArray<string> LinesOf(ISymbol symbol, SyntaxNode syntax, CancellationToken cancellation)
    {
        var written = Written(syntax);
        if (written.Count == 0 || !IsWellFormed(written))
            return EquatableArray<string>.Empty;
        // A cref is bound in the user's file, whose usings the generated file does not have: only then is the bound form fetched,
        // which costs a good deal more.
        return new(written.Any(line => line.Contains("cref=")) ? Bound(symbol, cancellation) ?? written : written);
    }

    private static List<string> Written(SyntaxNode syntax)
    {
        var lines = new List<string>();
        foreach (var trivia in syntax.GetLeadingTrivia())
        {
            // Without documentation output a comment is parsed as a plain one.
            var isDocumentation =
                trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia)
                || (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && trivia.ToString().StartsWith("///", StringComparison.Ordinal));
            var isBlock = trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia);
            if (isDocumentation || isBlock)
                lines.AddRange(trivia.ToFullString().Split(LineEnds).Select(line => Strip(line, isBlock)).Where(line => line.Length > 0));
        }

        return lines;
    }

    private static string Strip(string line, bool isBlock)
    {
        line = line.Trim();
        if (isBlock)
            line = line.Replace("/**", "").Replace("*/", "").TrimStart('*');
        return line.TrimStart('/').Trim();
    }

    private static bool IsWellFormed(List<string> lines)
    {
        try
        {
            _ = XElement.Parse($"<member>{string.Join("\n", lines)}</member>");
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static IEnumerable<string>? Bound(ISymbol symbol, CancellationToken cancellation)
    {
        var xml = symbol.GetDocumentationCommentXml(cancellationToken: cancellation);
        if (string.IsNullOrEmpty(xml))
            return null;
        var lines = xml!.Split(LineEnds).Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        // Between <member name="…"> and </member>.
        return lines.Count > 2 ? lines.Skip(1).Take(lines.Count - 2) : null;
    }
}
