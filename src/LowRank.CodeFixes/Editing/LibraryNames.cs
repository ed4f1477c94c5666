using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace LowRank.CodeFixes.Editing;

/// <summary>
/// How the library's names are written at a place: alone where they mean the library's there, with its namespace where there is no
/// <c>using</c> or where something of the user's own bears the name.
/// </summary>
internal static class LibraryNames
{
    private const string Library = "LowRank";

    // The first of names with dots between them, not within a text.
    private static readonly Regex First = new(@"(?<![\w.""])[A-Z]\w*(?=\.)", RegexOptions.CultureInvariant);

    /// <summary>A type's name.</summary>
    public static string Type(string name, SemanticModel model, int position) =>
        IsLibrarys(model.LookupNamespacesAndTypes(position, name: name)) ? name : Qualified(name, model, position);

    /// <summary>An attribute with its arguments.</summary>
    public static string Attribute(string attribute, SemanticModel model, int position)
    {
        var name = attribute.Split('(')[0];
        var isHidden = model.LookupNamespacesAndTypes(position, name: name).OfType<INamedTypeSymbol>().Any(IsAttribute);
        var isFound = IsLibrarys(model.LookupNamespacesAndTypes(position, name: name + "Attribute"));
        var written = isFound && !isHidden ? name : Qualified(name, model, position);
        return written + Value(attribute.Substring(name.Length), model, position);
    }

    /// <summary>An expression, or several, in which enums of the library may stand.</summary>
    public static string Value(string expression, SemanticModel model, int position) =>
        expression.Length > 0 && expression[0] == '"'
            ? expression
            : First.Replace(
                expression,
                name => IsLibrarys(model.LookupSymbols(position, name: name.Value)) ? name.Value : Qualified(name.Value, model, position)
            );

    private static string Qualified(string name, SemanticModel model, int position) =>
        model.LookupSymbols(position, name: Library).ToList() is [INamespaceSymbol { ContainingNamespace.IsGlobalNamespace: true }]
            ? $"{Library}.{name}"
            : $"global::{Library}.{name}";

    private static bool IsLibrarys(IEnumerable<ISymbol> found) =>
        found.ToList()
            is [
                INamedTypeSymbol
                {
                    ContainingType: null,
                    ContainingNamespace: { Name: Library, ContainingNamespace.IsGlobalNamespace: true },
                },
            ];

    private static bool IsAttribute(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current is { Name: "Attribute", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
                return true;
        }

        return false;
    }
}
