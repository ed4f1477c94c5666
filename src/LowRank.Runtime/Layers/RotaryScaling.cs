using System.ComponentModel;

namespace LowRank.Layers;

/// <summary>How rotary frequencies are scaled, as <see cref="RotaryScalingAttribute"/> says it.</summary>
/// <param name="Type">How.</param>
/// <param name="Factor">By what they are divided, as far as they are.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record RotaryScaling(RotaryScalingType Type, double Factor)
{
    // Of the pairs between kept and scaled ones, where there are none.
    private const double Narrowest = 1e-3;

    /// <summary>The context that they were trained with, in tokens.</summary>
    public double OriginalContext { get; init; }

    /// <summary>Llama3: wavelengths above OriginalContext over this are scaled in full.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama3: wavelengths below OriginalContext over this are kept.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>Yarn: frequencies of more turns than this within the original context are kept.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>Yarn: frequencies of fewer turns than this are scaled in full.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>Yarn and LongRope: what rotated queries and keys are multiplied by; null for what their papers say.</summary>
    public double? AttentionFactor { get; init; }

    /// <summary>LongRope: by what each frequency is divided in texts of at most OriginalContext tokens.</summary>
    public IReadOnlyList<double> ShortFactors { get; init; } = [];

    /// <summary>LongRope: the same in longer ones.</summary>
    public IReadOnlyList<double> LongFactors { get; init; } = [];

    /// <summary>What rotated queries and keys are multiplied by.</summary>
    internal double Length =>
        Type switch
        {
            RotaryScalingType.Yarn => AttentionFactor ?? 0.1 * Math.Log(Factor) + 1,
            RotaryScalingType.LongRope => AttentionFactor ?? Math.Sqrt(1 + Math.Log(Factor) / Math.Log(OriginalContext)),
            _ => 1,
        };

    /// <summary>The scaled frequencies, in radians per position.</summary>
    /// <param name="frequencies">θᵢ = base^(−2i/size) of every pair i of the rotated part.</param>
    /// <param name="frequencyBase">The base.</param>
    /// <param name="isLong">LongRope: whether the text is longer than the original context.</param>
    internal double[] Apply(double[] frequencies, double frequencyBase, bool isLong = false)
    {
        if (Type == RotaryScalingType.LongRope)
            return [.. frequencies.Zip(isLong ? LongFactors : ShortFactors, (frequency, factor) => frequency / factor)];
        var scaled = new double[frequencies.Length];
        for (var pair = 0; pair < scaled.Length; pair++)
        {
            var kept = Type switch
            {
                RotaryScalingType.Llama3 => KeptByWavelength(2 * Math.PI / frequencies[pair]),
                RotaryScalingType.Yarn => KeptByPlace(pair, 2 * scaled.Length, frequencyBase),
                _ => 0,
            };
            scaled[pair] = kept * frequencies[pair] + (1 - kept) * frequencies[pair] / Factor;
        }

        return scaled;
    }

    private double KeptByWavelength(double wavelength) =>
        Math.Clamp((OriginalContext / wavelength - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor), 0, 1);

    // Kept up to the pair that turns BetaFast times within the original context, less and less up to the one that turns BetaSlow times.
    private double KeptByPlace(int pair, int size, double frequencyBase)
    {
        var first = Math.Max(Math.Floor(PairOf(BetaFast)), 0);
        var last = Math.Min(Math.Ceiling(PairOf(BetaSlow)), size - 1);
        return 1 - Math.Clamp((pair - first) / (last > first ? last - first : Narrowest), 0, 1);

        double PairOf(double turns) => size * Math.Log(OriginalContext / (turns * 2 * Math.PI)) / (2 * Math.Log(frequencyBase));
    }
}
