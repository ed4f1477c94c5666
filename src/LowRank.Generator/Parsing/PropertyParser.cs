using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>Describes a property that declares a sublayer.</summary>
internal static class PropertyParser
{
    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
    );

    public static PropertyShape Parse(
        IPropertySymbol symbol,
        PropertyDeclarationSyntax syntax,
        BaseMembers inherited,
        CancellationToken cancellation
    ) =>
        new(
            symbol.Name,
            string.Join(" ", syntax.Modifiers.Select(modifier => modifier.ValueText)),
            Reference(symbol) + symbol.Type.ToDisplayString(TypeFormat),
            new(Accessors(syntax)),
            IsUnimplemented(symbol, syntax),
            symbol.IsStatic,
            symbol.RefKind == RefKind.None && LowRankNames.IsSublayer(symbol.Type),
            inherited.Contains(symbol.Name),
            Documentation.LinesOf(symbol, syntax, cancellation)
        );

    /// <summary>How the type begins where the property returns a reference, which the other part has to repeat.</summary>
    public static string Reference(IPropertySymbol symbol) =>
        symbol.RefKind switch
        {
            RefKind.Ref => "ref ",
            RefKind.RefReadOnly => "ref readonly ",
            _ => "",
        };

    public static bool IsUnimplemented(IPropertySymbol symbol, PropertyDeclarationSyntax syntax) =>
        symbol.IsPartialDefinition
        && (symbol.PartialImplementationPart is not { } implementation || GeneratedPart.IsAllOf(implementation))
        && syntax.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static IEnumerable<string> Accessors(PropertyDeclarationSyntax syntax) =>
        syntax.AccessorList?.Accessors.Select(accessor =>
            string.Join(" ", accessor.Modifiers.Select(modifier => modifier.ValueText).Append(accessor.Keyword.ValueText))
        )
        ?? ["get"];
}
