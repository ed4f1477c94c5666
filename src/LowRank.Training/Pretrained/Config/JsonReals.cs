using System.Globalization;
using System.Text.Json;

namespace LowRank.Training.Pretrained.Config;

/// <summary>Real numbers as Hugging Face's library wants them: <c>4.0</c> and not <c>4</c>, which it takes for another type.</summary>
internal static class JsonReals
{
    /// <summary>Writes a real number.</summary>
    public static void WriteReal(this Utf8JsonWriter json, string name, double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        json.WritePropertyName(name);
        json.WriteRawValue(text.All(sign => char.IsDigit(sign) || sign == '-') ? text + ".0" : text);
    }
}
