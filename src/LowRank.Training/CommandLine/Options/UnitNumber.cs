using System.Globalization;

namespace LowRank.Training.CommandLine.Options;

/// <summary>A number and its unit, without a blank between them: <c>25GB/s</c>. Units are read as they are written: b is no B.</summary>
internal static class UnitNumber
{
    /// <summary>The number in the base unit; null where the text is none, or no unit of these ends it.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="units">Unit and its size; a unit that ends another comes after it.</param>
    public static double? Read(string text, ReadOnlySpan<(string Unit, double Size)> units)
    {
        foreach (var (unit, size) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                return
                    double.TryParse(
                        text.AsSpan(0, text.Length - unit.Length),
                        NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                        CultureInfo.InvariantCulture,
                        out var number
                    ) && double.IsFinite(number * size)
                    ? number * size
                    : null;
            }
        }

        return null;
    }
}
