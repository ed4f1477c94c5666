using System.Globalization;

namespace LowRank.Training.Wording;

/// <summary>Writes numbers the way the reports print them, whatever the machine's culture.</summary>
internal static class Quantity
{
    /// <summary>A whole number with its thousands set apart: <c>984,731,648</c>.</summary>
    /// <param name="value">The number.</param>
    public static string Count(decimal value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>FLOPs with three figures: <c>2.10e20</c>; whole up to 9,999.</summary>
    /// <param name="value">The number.</param>
    public static string Flops(decimal value) =>
        value < 10_000 ? Count(value) : ((double)value).ToString("0.00e0", CultureInfo.InvariantCulture);

    /// <summary>A size in binary units: <c>1.53 GiB</c>.</summary>
    /// <param name="bytes">Bytes.</param>
    public static string Bytes(decimal bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var unit = 0;
        while (bytes >= 1024 && unit < units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return bytes.ToString(
                unit == 0 || bytes >= 100 ? "0"
                    : bytes >= 10 ? "0.0"
                    : "0.00",
                CultureInfo.InvariantCulture
            )
            + " "
            + units[unit];
    }

    /// <summary>A duration in its two largest units: <c>3 h 12 min</c>, <c>4 min 05 s</c>, <c>7.3 s</c>.</summary>
    /// <param name="seconds">Seconds.</param>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
            return "?";
        if (seconds < 59.95)
            return seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
        var whole = (long)Math.Round(Math.Min(seconds, 1e15));
        return whole switch
        {
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{whole / 60} min {whole % 60:00} s"),
            < 86_400 => string.Create(CultureInfo.InvariantCulture, $"{whole / 3600} h {whole % 3600 / 60:00} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{whole / 86_400} d {whole % 86_400 / 3600:00} h"),
        };
    }

    /// <summary>A short time with three figures: <c>24.3 ms</c>, <c>1.50 µs</c>; from a minute on as <see cref="Duration"/> does.</summary>
    /// <param name="seconds">Seconds.</param>
    public static string ShortTime(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds is < 0 or >= 59.95)
            return Duration(seconds);
        var (value, unit) =
            seconds == 0 ? (0, "s")
            : seconds < 0.9995e-6 ? (seconds * 1e9, "ns")
            : seconds < 0.9995e-3 ? (seconds * 1e6, "µs")
            : seconds < 0.9995 ? (seconds * 1e3, "ms")
            : (seconds, "s");
        return value.ToString(
                value is 0 or >= 99.95 ? "0"
                    : value >= 9.995 ? "0.0"
                    : "0.00",
                CultureInfo.InvariantCulture
            )
            + " "
            + unit;
    }

    /// <summary>Bytes a second in decimal units, as networks are sold: <c>50 GB/s</c>.</summary>
    /// <param name="bytes">Bytes a second.</param>
    public static string BytesPerSecond(double bytes)
    {
        var (value, unit) =
            bytes >= 1e12 ? (bytes / 1e12, "TB/s")
            : bytes >= 1e9 ? (bytes / 1e9, "GB/s")
            : bytes >= 1e6 ? (bytes / 1e6, "MB/s")
            : (bytes, "B/s");
        return value.ToString("0.###", CultureInfo.InvariantCulture) + " " + unit;
    }

    /// <summary>A ratio with three decimals: <c>0.790×</c>.</summary>
    /// <param name="value">The ratio.</param>
    public static string Ratio(double value) => value.ToString("0.000", CultureInfo.InvariantCulture) + "×";

    /// <summary>A loss with four decimals, in nats.</summary>
    /// <param name="value">The loss.</param>
    public static string Loss(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>
    /// A perplexity with two decimals, or three figures from 10,000 on; <c>above 1.79e308</c> for that of a loss above 709.78, which no
    /// double holds.
    /// </summary>
    /// <param name="value">The perplexity.</param>
    public static string Perplexity(double value) =>
        double.IsPositiveInfinity(value)
            ? "above 1.79e308"
            : value.ToString(value < 10_000 ? "0.00" : "0.00e0", CultureInfo.InvariantCulture);

    /// <summary>A learning rate with three figures: <c>6.00e-4</c>.</summary>
    /// <param name="value">The rate.</param>
    public static string Rate(double value) => value.ToString("0.00e0", CultureInfo.InvariantCulture);

    /// <summary>The guide's share α with three decimals.</summary>
    /// <param name="value">The share.</param>
    public static string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
