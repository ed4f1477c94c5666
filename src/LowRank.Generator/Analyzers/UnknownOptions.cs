using LowRank.Generator.Diagnostics;
using LowRank.Generator.Parsing;
using LowRank.Training.Wording;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Analyzers;

/// <summary>
/// Finds arguments whose names the attributes of the language do not have. C# takes such a one for a type that it cannot find.
/// </summary>
internal static class UnknownOptions
{
    public static IEnumerable<Diagnostic> On(ISymbol symbol) =>
        symbol.GetAttributes().Where(attribute => LowRankNames.AttributeName(attribute) is not null).SelectMany(Of);

    private static IEnumerable<Diagnostic> Of(AttributeData attribute)
    {
        if (attribute.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax { ArgumentList: { Arguments: var arguments } })
            yield break;
        var type = attribute.AttributeClass!;
        foreach (var argument in arguments)
        {
            if ((argument.NameEquals?.Name ?? argument.NameColon?.Name) is not { Identifier.ValueText: { Length: > 0 } name } written)
                continue;
            var known = argument.NameEquals is not null ? Properties(type) : Parameters(type);
            if (known.Contains(name))
                continue;
            yield return Diagnostic.Create(
                ClassRules.UnknownOption,
                written.GetLocation(),
                LowRankNames.AttributeName(attribute),
                name,
                Advice(name, type)
            );
        }
    }

    // The nearest that may be meant: of the attribute itself, of another, or of none.
    private static string Advice(string name, INamedTypeSymbol type)
    {
        var own = Parameters(type).Select(parameter => $"{parameter}: …").Concat(Properties(type).Select(property => $"{property} = …"));
        var options = own.ToList();
        // One that differs in case, or stands behind another sign, is meant alone.
        if (options.FirstOrDefault(option => NameOf(option).Equals(name, StringComparison.OrdinalIgnoreCase)) is { } same)
            return $"write {same}";
        var nearest = NearestNames.Of(name, options.Select(NameOf).Distinct(StringComparer.OrdinalIgnoreCase));
        if (nearest.Count > 0)
            return $"write {string.Join(" or ", nearest.Select(near => options.First(option => option.StartsWith(near, StringComparison.Ordinal))))}";
        var others = type
            .ContainingNamespace.GetTypeMembers()
            .Where(other =>
                other.Name.EndsWith("Attribute", StringComparison.Ordinal)
                && Options(other).Contains(name, StringComparer.OrdinalIgnoreCase)
            )
            .Select(other => $"[{other.Name.Substring(0, other.Name.Length - "Attribute".Length)}]")
            .ToList();
        var has =
            options.Count == 0 ? "it has none" : $"it has {string.Join(", ", Options(type).Distinct(StringComparer.OrdinalIgnoreCase))}";
        return others.Count > 0
            ? $"{string.Join(" and ", others)} {(others.Count == 1 ? "has" : "have")} one of that name; {has}"
            : $"{has}; what the language lacks is written in the forward of a [Module]";
    }

    private static string NameOf(string option) => option.Split(':', ' ')[0];

    private static IEnumerable<string> Options(INamedTypeSymbol type) => Parameters(type).Concat(Properties(type));

    private static List<string> Parameters(INamedTypeSymbol type) =>
        [.. type.InstanceConstructors.SelectMany(constructor => constructor.Parameters).Select(parameter => parameter.Name).Distinct()];

    private static List<string> Properties(INamedTypeSymbol type) =>
        [
            .. type.GetMembers()
                .OfType<IPropertySymbol>()
                .Where(property => property is { DeclaredAccessibility: Accessibility.Public, SetMethod: not null, IsStatic: false })
                .Select(property => property.Name),
        ];
}
