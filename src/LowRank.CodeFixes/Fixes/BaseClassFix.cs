using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Removes the base class of a model, and leaves its interfaces.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BaseClassFix)), Shared]
public sealed class BaseClassFix() : Fix("LRK0004", "LRK0601")
{
    private protected override IEnumerable<Offer> Offers(Diagnostic diagnostic, Place place)
    {
        if (place.Node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { BaseList: { } list })
            yield break;
        // C# wants the base class first.
        var first = list.Types[0];
        if (place.Model.GetTypeInfo(first.Type).Type?.TypeKind == TypeKind.Interface)
            yield break;
        var change =
            list.Types.Count > 1
                ? new TextChange(TextSpan.FromBounds(first.SpanStart, list.Types[1].SpanStart), "")
                : new TextChange(TextSpan.FromBounds(list.ColonToken.GetPreviousToken().Span.End, list.Span.End), "");
        yield return new($"Remove the base class '{first.Type}'", place.Document, [change], "BaseClass");
    }
}
