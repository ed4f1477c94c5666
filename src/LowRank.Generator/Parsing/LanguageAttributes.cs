using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>Finds the attributes of the language on symbols.</summary>
internal static class LanguageAttributes
{
    /// <summary>Every <c>[LowRank]</c> on a symbol, with the place of each.</summary>
    public static IEnumerable<(Target Origin, AttributeData Attribute)> LowRanksOf(ISymbol symbol, string? property = null) =>
        RepeatedOf(symbol, "LowRank", property);

    /// <summary>Every <c>[LoRA]</c> on a symbol, with the place of each.</summary>
    public static IEnumerable<(Target Origin, AttributeData Attribute)> LorasOf(ISymbol symbol, string? property = null) =>
        RepeatedOf(symbol, "LoRA", property);

    /// <summary>Whether a symbol has any of either.</summary>
    public static bool HasLowRanks(ISymbol symbol) => LowRanksOf(symbol).Concat(LorasOf(symbol)).Any();

    private static IEnumerable<(Target Origin, AttributeData Attribute)> RepeatedOf(ISymbol symbol, string name, string? property) =>
        symbol
            .GetAttributes()
            .Where(attribute => LowRankNames.AttributeName(attribute) == name)
            .Select((attribute, index) => (new Target(property, name, Index: index, IsAssembly: symbol is IAssemblySymbol), attribute));

    /// <summary>
    /// Whether it is this part of the class that an attribute stands on. A second one on another part is the compiler's to refuse; it must
    /// not make a second file.
    /// </summary>
    public static bool IsOn(TypeDeclarationSyntax part, Dictionary<string, AttributeData> attributes, string name) =>
        attributes.TryGetValue(name, out var attribute)
        && attribute.ApplicationSyntaxReference is { } reference
        && reference.SyntaxTree == part.SyntaxTree
        && part.Span.Contains(reference.Span);

    /// <summary>The attributes of the language on a symbol, by name; the first where C# has already refused a second.</summary>
    public static Dictionary<string, AttributeData> AttributesOf(ISymbol symbol)
    {
        var attributes = new Dictionary<string, AttributeData>(StringComparer.Ordinal);
        foreach (var attribute in symbol.GetAttributes())
        {
            if (LowRankNames.AttributeName(attribute) is { } name && !attributes.ContainsKey(name))
                attributes.Add(name, attribute);
        }

        return attributes;
    }
}
