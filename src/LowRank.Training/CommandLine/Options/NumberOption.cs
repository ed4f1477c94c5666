using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace LowRank.Training.CommandLine.Options;

/// <summary>Options that take a number within bounds, read without regard to the machine's culture.</summary>
internal static class NumberOption
{
    /// <summary>A whole number.</summary>
    public static Option<long?> Whole(string name, string description, long least, long most = long.MaxValue) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens is [.., var last] ? last.Value : "";
                if (
                    long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                    && value >= least
                    && value <= most
                )
                    return value;
                // A number past a long's end is told where that is; one that is none, what is wanted.
                var isTooLarge =
                    BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole > most;
                var range =
                    least == long.MinValue || most != long.MaxValue || isTooLarge ? $"from {least} to {most}" : $"of at least {least}";
                result.AddError($"{name} takes a whole number {range}, not '{text}'.");
                return null;
            },
        };

    /// <summary>Several real numbers; the bounds are given twice, as a test and in words.</summary>
    public static Option<double[]?> Reals(string name, string description, Func<double, bool> holds, string range) =>
        new(name)
        {
            Description = description,
            HelpName = "X",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result =>
            {
                var values = new List<double>();
                foreach (var token in result.Tokens)
                {
                    if (TryParse(token.Value, out var value) && holds(value))
                        values.Add(value);
                    else
                        result.AddError($"{name} takes numbers {range}, not '{token.Value}'.");
                }

                return [.. values];
            },
        };

    /// <summary>A real number; the bounds are given twice, as a test and in words.</summary>
    public static Option<double?> Real(string name, string description, Func<double, bool> holds, string range) =>
        new(name)
        {
            Description = description,
            HelpName = "X",
            CustomParser = result =>
            {
                var text = result.Tokens is [.., var last] ? last.Value : "";
                if (TryParse(text, out var value) && holds(value))
                    return value;
                result.AddError($"{name} takes a number {range}, not '{text}'.");
                return null;
            },
        };

    private static bool TryParse(string text, out double value) =>
        double.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out value
        ) && double.IsFinite(value);
}
