using System.CommandLine;
using System.Globalization;

namespace LowRank.Training.CommandLine.Options;

/// <summary>Options that take a number within bounds, read without regard to the machine's culture.</summary>
internal static class NumberOption
{
    /// <summary>A whole number.</summary>
    public static Option<long?> Whole(string name, string description, long least, long most = long.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
                return value;
            var range = most == long.MaxValue ? $"of at least {least}" : $"from {least} to {most}";
            result.AddError($"{name} takes a whole number {range}, not '{text}'.");
            return null;
        },
    };

    /// <summary>A real number; the bounds are given twice, as a test and in words.</summary>
    public static Option<double?> Real(string name, string description, Func<double, bool> holds, string range) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && holds(value))
                return value;
            result.AddError($"{name} takes a number {range}, not '{text}'.");
            return null;
        },
    };
}
