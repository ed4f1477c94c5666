using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Editing;

/// <summary>Sets an argument of an attribute, whether it is written yet or not.</summary>
internal static class ArgumentEdits
{
    /// <param name="place">The argument, or the attribute where the argument is left out.</param>
    /// <param name="name">The argument's name.</param>
    /// <param name="value">Its new value, as C# writes it.</param>
    public static TextChange? Set(SyntaxNode place, string name, string value)
    {
        // An argument that is a whole attribute's is found by its span, which it shares with its expression.
        if (place.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } argument)
            return new(argument.Expression.Span, InStyle(value, argument));
        return place.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute ? Insert(attribute, name, Qualified(value, attribute)) : null;
    }

    private static TextChange Insert(AttributeSyntax attribute, string name, string value)
    {
        // Parameters of the constructor begin in lower case, properties in upper case.
        var isParameter = char.IsLower(name[0]);
        var written = isParameter ? $"{name}: {value}" : $"{name} = {value}";
        if (attribute.ArgumentList is not { Arguments: { Count: > 0 } arguments } list)
            return new(new(attribute.Name.Span.End, attribute.ArgumentList?.Span.Length ?? 0), $"({written})");
        if (!isParameter)
            return new(new(arguments.Last().Span.End, 0), ", " + written);
        return arguments.LastOrDefault(argument => argument.NameEquals is null) is { } last
            ? new(new(last.Span.End, 0), ", " + written)
            : new(new(list.OpenParenToken.Span.End, 0), written + ", ");
    }

    private static string InStyle(string value, AttributeArgumentSyntax argument)
    {
        // Digits in groups of three where the user groups them.
        if (
            argument.Expression.ToString().Contains("_")
            && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
            return number.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '_');
        return Qualified(value, (AttributeSyntax)argument.Parent!.Parent!);
    }

    // Where the user writes LowRank.Transformer, Norm alone may not be found.
    private static string Qualified(string value, AttributeSyntax attribute) =>
        attribute.Name is QualifiedNameSyntax { Left: var left } && char.IsLetter(value[0]) && value.Contains('.')
            ? $"{left}.{value}"
            : value;
}
