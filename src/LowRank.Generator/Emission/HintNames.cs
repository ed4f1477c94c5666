using System.Globalization;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>Names of generated files. The compiler wants them unique whatever the case; classes need not be.</summary>
internal static class HintNames
{
    /// <summary>The names, in lower case, that more than one declaration has. Nearly always none.</summary>
    public static EquatableArray<string> Shared(IEnumerable<string> fullNames) => new(fullNames
        .GroupBy(name => name.ToLowerInvariant(), StringComparer.Ordinal).Where(group => group.Skip(1).Any()).Select(group => group.Key)
        .OrderBy(name => name, StringComparer.Ordinal));

    public static string Of(TypeShape type, EquatableArray<string> shared)
    {
        var name = type.FullName + type.TypeParameters;
        return shared.Contains(type.FullName.ToLowerInvariant())
            ? $"{type.FullName}.{Hash(name).ToString("x8", CultureInfo.InvariantCulture)}.g.cs"
            : $"{type.FullName}.g.cs";
    }

    // FNV-1a: the same in every process, unlike string.GetHashCode.
    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
}
