using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace LowRank.Generator.Emission;

/// <summary>Writes values as C# literals and for reading, in the invariant culture whatever the machine's is.</summary>
internal static class Literals
{
    /// <summary>984_731_648: whole numbers in generated code are meant to be read.</summary>
    public static string Grouped(decimal value) => Readable(value).Replace(',', '_');

    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');

    public static string Of(bool value) => value ? "true" : "false";

    public static string Of(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    public static string Of<T>(T value)
        where T : struct, Enum => $"global::LowRank.{typeof(T).Name}.{value}";

    /// <summary>984,731,648.</summary>
    public static string Readable(decimal value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>1.8822e20.</summary>
    public static string Scientific(decimal value) => value.ToString("0.0000e0", CultureInfo.InvariantCulture);

    /// <summary>12.5 %.</summary>
    public static string Percent(double fraction) => (fraction * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>A name as C# accepts it, with @ where it is a keyword.</summary>
    public static string Identifier(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;
}
