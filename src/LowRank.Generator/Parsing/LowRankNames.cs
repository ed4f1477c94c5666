using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>Recognizes the symbols of the language.</summary>
internal static class LowRankNames
{
    public const string TransformerAttribute = "LowRank.TransformerAttribute";

    public const string ModuleAttribute = "LowRank.ModuleAttribute";

    /// <summary>The name of an attribute of the language without its suffix, or null for any other attribute.</summary>
    public static string? AttributeName(AttributeData attribute) =>
        attribute.AttributeClass is { Name: var name } type && IsInLowRank(type) && name.EndsWith("Attribute", StringComparison.Ordinal)
            ? name.Substring(0, name.Length - "Attribute".Length)
            : null;

    public static bool IsSublayer(ITypeSymbol type) =>
        type.Name == "Sublayer" && type.NullableAnnotation != NullableAnnotation.Annotated && IsInLowRank(type);

    /// <summary>Whether a class implements an interface of <c>LowRank.Layers</c>.</summary>
    public static bool Is(INamedTypeSymbol type, string name) =>
        type.AllInterfaces.Any(other =>
            other.Name == name
            && other.ContainingNamespace
                is { Name: "Layers", ContainingNamespace: { Name: "LowRank", ContainingNamespace.IsGlobalNamespace: true } }
        );

    private static bool IsInLowRank(ITypeSymbol type) =>
        type is { ContainingType: null, ContainingNamespace: { Name: "LowRank", ContainingNamespace.IsGlobalNamespace: true } };
}
