using System.Globalization;
using LowRank.Generator.Model;

namespace LowRank.Training.Weights;

/// <summary>How the queries and keys of a block are rotated by their positions.</summary>
/// <param name="Base">Base of the frequencies.</param>
/// <param name="Fraction">Fraction of a head that is rotated.</param>
/// <param name="Scaling">How the frequencies are scaled, or null.</param>
internal sealed record RotationFacts(double Base, double Fraction, RotaryScalingOptions? Scaling = null)
{
    /// <summary>The attention factor of YaRN where none is given.</summary>
    public static double UsualAttentionFactor(double factor) => 0.1 * Math.Log(factor) + 1;

    /// <summary>That of LongRoPE.</summary>
    public static double UsualAttentionFactor(double factor, double originalContext) =>
        Math.Sqrt(1 + Math.Log(factor) / Math.Log(originalContext));

    /// <summary>The scaling in words, with the defaults of what is left out.</summary>
    public string ScalingText
    {
        get
        {
            if (Scaling is not { } scaling)
                return "none";
            var numbers = scaling.Type switch
            {
                RotaryScalingType.Llama3 => string.Create(
                    CultureInfo.InvariantCulture,
                    $", original context {scaling.OriginalContext}, low {scaling.LowFrequencyFactor ?? 1}, high {scaling.HighFrequencyFactor ?? 4}"
                ),
                RotaryScalingType.Yarn => string.Create(
                    CultureInfo.InvariantCulture,
                    $", original context {scaling.OriginalContext}, beta {scaling.BetaFast ?? 32} to {scaling.BetaSlow ?? 1}, attention factor {scaling.AttentionFactor ?? UsualAttentionFactor(scaling.Factor):0.######}"
                ),
                RotaryScalingType.LongRope => string.Create(
                    CultureInfo.InvariantCulture,
                    $", original context {scaling.OriginalContext}, attention factor {scaling.AttentionFactor ?? UsualAttentionFactor(scaling.Factor, scaling.OriginalContext ?? 2):0.######}, short {List(scaling.ShortFactors)}, long {List(scaling.LongFactors)}"
                ),
                _ => "",
            };
            return string.Create(CultureInfo.InvariantCulture, $"{scaling.Type} by {scaling.Factor}{numbers}");
        }
    }

    private static string List(IEnumerable<double> values) =>
        string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
