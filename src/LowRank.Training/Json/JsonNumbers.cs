using System.Globalization;
using System.Text.Json;

namespace LowRank.Training.Json;

/// <summary>How numbers get into JSON documents without losing digits and without breaking a reader.</summary>
internal static class JsonNumbers
{
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

    /// <summary>A whole number with all its digits, or null where it is unknown.</summary>
    public static void WriteDigitsOrNull(this Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } known)
            json.WriteDigits(name, known);
        else
            json.WriteNull(name);
    }

    /// <summary>A real number, or null where it is unknown.</summary>
    public static void WriteRealOrNull(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
            json.WriteReal(name, known);
        else
            json.WriteNull(name);
    }
}
