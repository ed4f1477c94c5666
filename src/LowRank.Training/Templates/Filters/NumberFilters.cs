using System.Globalization;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Filters;

/// <summary>Filters over numbers.</summary>
internal static class NumberFilters
{
    public static object? Whole(Arguments given, Budget budget)
    {
        var values = given.Bind("int", "value", "default", "base");
        var absent = values[1] == Arguments.Missing ? 0L : values[1];
        if (values[2] != Arguments.Missing && Numbers.Whole(values[2]) != 10)
            throw new TemplateFault("the filter int is read with the base 10 alone");
        if (values[0] is Undefined missing)
            throw new TemplateFault(missing.What);
        if (values[0] is not string && Numbers.TryWhole(values[0], out var whole))
            return whole;
        var text = values[0] as string;
        if (
            long.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture,
                out whole
            )
        )
            return whole;
        var real = values[0] as double? ?? Parse(text);
        return real is > -9.2e18 and < 9.2e18 ? (long)real.Value : absent;
    }

    public static object? Real(Arguments given, Budget budget)
    {
        var values = given.Bind("float", "value", "default");
        if (values[0] is Undefined missing)
            throw new TemplateFault(missing.What);
        if (Numbers.TryReal(values[0], out var real))
            return real;
        return Parse(values[0] as string) ?? (values[1] == Arguments.Missing ? 0.0 : values[1]);
    }

    public static object? Absolute(Arguments given, Budget budget) =>
        given.Bind("abs", "value")[0] switch
        {
            long.MinValue => throw new TemplateFault("a number is beyond 64 bits"),
            long whole => (object)Math.Abs(whole),
            double real => Math.Abs(real),
            bool truth => truth ? 1L : 0L,
            var other => throw new TemplateFault(other is Undefined missing ? missing.What : $"a {Kinds.Of(other)} has no absolute value"),
        };

    public static object? Round(Arguments given, Budget budget)
    {
        var values = given.Bind("round", "value", "precision", "method");
        if (!Numbers.TryReal(values[0], out var number))
            throw new TemplateFault(values[0] is Undefined missing ? missing.What : $"a {Kinds.Of(values[0])} can't be rounded");
        var digits = values[1] == Arguments.Missing ? 0 : Numbers.Small(values[1]);
        if (digits is < 0 or > 15)
            throw new TemplateFault("a number is rounded to 0 to 15 digits");
        var method = values[2] == Arguments.Missing ? "common" : values[2] as string;
        var factor = Math.Pow(10, digits);
        return method switch
        {
            "common" => Numbers.TryWhole(values[0], out var whole) ? (object)whole : Math.Round(number, digits, MidpointRounding.ToEven),
            "ceil" => Math.Ceiling(number * factor) / factor,
            "floor" => Math.Floor(number * factor) / factor,
            _ => throw new TemplateFault("a number is rounded by the method common, ceil or floor"),
        };
    }

    private static double? Parse(string? text) =>
        double.TryParse(text?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null;
}
