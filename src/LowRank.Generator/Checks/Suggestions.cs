using System.Globalization;

namespace LowRank.Generator.Checks;

/// <summary>Writes values that would be right, as C# writes them. The first of several is the one to prefer.</summary>
internal static class Suggestions
{
    /// <summary>Stands between alternatives; no expression that a rule suggests contains it.</summary>
    public const char Separator = '\n';

    // A little above 1 nobody means a hundredth of it.
    private const double SmallestPercentage = 2;

    public static string OneOf(params string[] expressions) => string.Join(Separator.ToString(), expressions.Distinct());

    public static string OneOf(IEnumerable<int> numbers) =>
        OneOf([.. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>A fraction in (0, 1] in place of one that is not: what reads as a percentage is taken for one.</summary>
    public static string Fraction(double written, double whenTooSmall) =>
        written switch
        {
            >= SmallestPercentage and <= 100 => OneOf(Text(written / 100), "1.0"),
            > 1 => "1.0",
            _ => Text(whenTooSmall),
        };

    /// <summary>A fraction below 1 in place of one that is none: a percentage, or the usual one.</summary>
    public static string FractionBelowOne(double written, double usual) =>
        written is >= SmallestPercentage and < 100 ? Text(written / 100) : Text(usual);

    /// <summary>Values of an enum, the default first.</summary>
    public static string ValuesOf(Type type, IEnumerable<string> names) => OneOf([.. names.Select(name => $"{type.Name}.{name}")]);

    /// <summary>A fraction as C# writes it.</summary>
    public static string Text(double value) => value >= 1 ? "1.0" : value.ToString("0.0##############", CultureInfo.InvariantCulture);
}
