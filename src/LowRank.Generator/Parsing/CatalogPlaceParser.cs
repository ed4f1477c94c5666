using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>Finds the referenced assemblies that declare models, or reference others that do.</summary>
internal static class CatalogPlaceParser
{
    private const string Runtime = "LowRank.Runtime";

    public static CatalogPlace Parse(Surroundings surroundings, CancellationToken cancellation)
    {
        var compilation = surroundings.Compilation;
        var found = new List<string>();
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            cancellation.ThrowIfCancellationRequested();
            if (UsesRuntime(assembly) && HasCatalog(assembly) && CanBeNamed(compilation.GetMetadataReference(assembly)))
                found.Add(assembly.Name);
        }

        return new(compilation.AssemblyName ?? "", new(found.OrderBy(name => name, StringComparer.Ordinal)));
    }

    // Asked first, since it is known without looking for a type, and true of few.
    private static bool UsesRuntime(IAssemblySymbol assembly) =>
        assembly.Modules.Any(module => module.ReferencedAssemblies.Any(referenced => referenced.Name == Runtime));

    private static bool HasCatalog(IAssemblySymbol assembly) =>
        assembly.GetTypeByMetadataName($"{CatalogNames.Namespace}.{CatalogNames.ClassOf(assembly.Name)}")
            is { DeclaredAccessibility: Accessibility.Public };

    // What is known by an alias alone has no name that begins with global.
    private static bool CanBeNamed(MetadataReference? reference) =>
        reference is null
        || reference.Properties.Aliases.IsEmpty
        || reference.Properties.Aliases.Contains(MetadataReferenceProperties.GlobalAlias);
}
