using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>The types of an assembly's own namespaces, nested ones included.</summary>
internal static class DeclaredTypes
{
    public static IEnumerable<INamedTypeSymbol> In(INamespaceSymbol space) =>
        space.GetTypeMembers().SelectMany(Within).Concat(space.GetNamespaceMembers().SelectMany(In));

    private static IEnumerable<INamedTypeSymbol> Within(INamedTypeSymbol type) => type.GetTypeMembers().SelectMany(Within).Prepend(type);
}
