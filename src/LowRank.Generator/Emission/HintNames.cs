using System.Globalization;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>Names of generated files. The compiler wants them unique whatever the case; classes need not be.</summary>
internal static class HintNames
{
    /// <summary>The names, in upper case as the compiler compares them, that more than one file would have. Nearly always none.</summary>
    public static EquatableArray<string> Shared(IEnumerable<string> fullNames) =>
        new(
            fullNames
                .Append(CatalogSource.FullName)
                .GroupBy(name => name.ToUpperInvariant(), StringComparer.Ordinal)
                .Where(group => group.Skip(1).Any())
                .Select(group => group.Key)
                .OrderBy(name => name, StringComparer.Ordinal)
        );

    public static string Of(TypeShape type, EquatableArray<string> shared)
    {
        if (!shared.Contains(type.FullName.ToUpperInvariant()))
            return $"{type.FullName}.g.cs";
        return $"{type.FullName}.{Hash(Distinct(type)).ToString("x8", CultureInfo.InvariantCulture)}.g.cs";
    }

    /// <summary>The file of a declaration's costs, beside its own. No type's name has a hyphen.</summary>
    public static string OfCosts(string name) => Before(name) + "-cost.g.cs";

    /// <summary>The file of a module. A model of the same name in other case has a file, too.</summary>
    public static string OfModule(string name) => Before(name) + "-module.g.cs";

    private static string Before(string name) => name.Substring(0, name.Length - ".g.cs".Length);

    // By kind and type parameters, and those of the types around it, two types of one name can differ.
    private static string Distinct(TypeShape type) =>
        string.Concat(
            type.Containing.Select(outer => $"{outer.Keyword} {outer.Name}{outer.TypeParameters}.")
                .Prepend(type.Namespace + ".")
                .Append($"{type.Keyword} {type.Name}{type.TypeParameters}")
        );

    // FNV-1a: the same in every process, unlike string.GetHashCode.
    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
}
