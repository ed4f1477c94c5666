using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>
/// Tells what the generator wrote from what the user did. The generator itself sees the user's code alone; an analyzer sees both, and must
/// come to the same.
/// </summary>
internal static class GeneratedPart
{
    // The compiler puts a generator's name into the path of each of its files.
    private static readonly string Folder = typeof(LowRankGenerator).FullName!;

    public static bool Contains(SyntaxReference reference) => Contains(reference.SyntaxTree);

    public static bool Contains(SyntaxTree tree) => tree.FilePath.Contains(Folder);

    /// <summary>Whether the symbol is declared there and nowhere else.</summary>
    public static bool IsAllOf(ISymbol symbol) =>
        !symbol.DeclaringSyntaxReferences.IsEmpty && symbol.DeclaringSyntaxReferences.All(Contains);

    /// <summary>The members that the user declares.</summary>
    public static IEnumerable<ISymbol> WrittenMembers(INamedTypeSymbol type) => type.GetMembers().Where(member => !IsAllOf(member));

    /// <summary>The places where the user declares the symbol.</summary>
    public static IEnumerable<SyntaxReference> WrittenPlaces(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Where(reference => !Contains(reference));
}
