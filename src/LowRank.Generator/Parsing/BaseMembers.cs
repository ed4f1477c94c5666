using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>The members that generated parts inherit from the library, TorchSharp and <c>object</c>, as they are referenced.</summary>
internal sealed class BaseMembers
{
    private readonly List<INamedTypeSymbol> types;

    private BaseMembers(AttributeData declaring, params string[] names)
    {
        // The attribute's assembly is the library.
        var library = declaring.AttributeClass?.ContainingAssembly;
        types = [.. names.Select(name => library?.GetTypeByMetadataName(name)).SelectMany(BasesOf)];
    }

    /// <summary>Those of a transformer, and of its blocks, which have a property for each sublayer, too.</summary>
    public static BaseMembers OfTransformer(AttributeData declaring) =>
        new(declaring, "LowRank.Models.DeclaredTransformer", "LowRank.Blocks.TransformerBlock");

    /// <summary>Those of a module.</summary>
    public static BaseMembers OfModule(AttributeData declaring) => new(declaring, "LowRank.Models.DeclaredModule");

    /// <summary>Whether a property of this name would hide one.</summary>
    public bool Contains(string name) =>
        types.Any(type =>
            type.GetMembers(name)
                .Any(member =>
                    member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
                )
        );

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
            yield return current;
    }
}
