using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Editing;

/// <summary>Sets an argument of an attribute, whether it is written yet or not, or removes it.</summary>
internal static class ArgumentEdits
{
    /// <param name="place">The argument, or the attribute where the argument is left out.</param>
    /// <param name="name">The argument's name.</param>
    /// <param name="value">Its new value, as C# writes it there.</param>
    public static TextChange? Set(SyntaxNode place, string name, string value)
    {
        // An argument that is a whole attribute's is found by its span, which it shares with its expression.
        if (place.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } argument)
            return new(argument.Expression.Span, InStyle(value, argument));
        return place.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute ? Insert(attribute, name, value) : null;
    }

    /// <summary>Removes an argument with its comma, and the parentheses where it stands in them alone.</summary>
    public static TextChange Remove(AttributeArgumentSyntax argument)
    {
        var list = (AttributeArgumentListSyntax)argument.Parent!;
        var index = list.Arguments.IndexOf(argument);
        if (list.Arguments.Count == 1)
            return new(list.Span, "");
        return index == 0
            ? new(TextSpan.FromBounds(argument.SpanStart, list.Arguments[1].SpanStart), "")
            : new(TextSpan.FromBounds(list.Arguments[index - 1].Span.End, argument.Span.End), "");
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

    // Digits in groups of three where the user groups them.
    private static string InStyle(string value, AttributeArgumentSyntax argument) =>
        argument.Expression.ToString().Contains("_")
        && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '_')
            : value;
}
