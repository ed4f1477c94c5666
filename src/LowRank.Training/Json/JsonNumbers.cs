using System.Globalization;
using System.Text.Json;

namespace LowRank.Training.Json;

/// <summary>How numbers get into JSON documents without losing digits and without breaking a reader.</summary>
internal static class JsonNumbers
{
    // The largest range in which every reader's double is exact.
    private const decimal LargestExact = 9_007_199_254_740_992m;

    /// <summary>A whole number: as a number up to 2⁵³, as a string of digits beyond, since most readers would round it.</summary>
    public static void WriteWhole(this Utf8JsonWriter json, string name, decimal value)
    {
        if (Math.Abs(value) <= LargestExact)
            json.WriteNumber(name, decimal.ToInt64(value));
        else
            json.WriteString(name, decimal.Truncate(value).ToString("0", CultureInfo.InvariantCulture));
    }

    /// <summary>A whole number as a JSON number with all its digits.</summary>
    public static void WriteDigits(this Utf8JsonWriter json, string name, decimal value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(decimal.Truncate(value).ToString("0", CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// A real number; <c>null</c> for what JSON has no number for: a diverged loss, the perplexity of a loss above 709.78.
    /// </summary>
    public static void WriteReal(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
