namespace LowRank;

/// <summary>
/// Scales the rotary frequencies of one attention (on its property) or of every attention that rotates (on the class). The nearest
/// declaration wins.
/// </summary>
/// <param name="type">How.</param>
/// <param name="factor">By what frequencies are divided, as far as they are: about the new context over the original; at least 1. LongRope
/// has a number for each, and takes the attention factor from this one.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, Inherited = false)]
public sealed class RotaryScalingAttribute(RotaryScalingType type, double factor) : Attribute
{
    /// <summary>How the frequencies are scaled.</summary>
    public RotaryScalingType Type { get; } = type;

    /// <summary>By what they are divided.</summary>
    public double Factor { get; } = factor;

    /// <summary>The context that the frequencies were trained with, in tokens. All types but Linear need it.</summary>
    public int OriginalContext { get; set; }

    /// <summary>
    /// Llama3: wavelengths above OriginalContext / LowFrequencyFactor are scaled in full. Below <see cref="HighFrequencyFactor"/>. Default:
    /// 1.
    /// </summary>
    public double LowFrequencyFactor { get; set; } = 1;

    /// <summary>Llama3: wavelengths below OriginalContext / HighFrequencyFactor are kept. Default: 4.</summary>
    public double HighFrequencyFactor { get; set; } = 4;

    /// <summary>Yarn: frequencies of more turns than this within the original context are kept. Default: 32.</summary>
    public double BetaFast { get; set; } = 32;

    /// <summary>Yarn: frequencies of fewer turns than this are scaled in full. Below <see cref="BetaFast"/>. Default: 1.</summary>
    public double BetaSlow { get; set; } = 1;

    /// <summary>
    /// Yarn and LongRope: what rotated queries and keys are multiplied by, each, so that their scores grow by its square. Default:
    /// 0.1·ln(factor) + 1 for Yarn, √(1 + ln(factor)/ln(OriginalContext)) for LongRope.
    /// </summary>
    public double AttentionFactor { get; set; }

    /// <summary>LongRope: by what each frequency is divided in texts of at most OriginalContext tokens, one number for each pair of
    /// rotated elements.</summary>
    public double[] ShortFactors { get; set; } = [];

    /// <summary>LongRope: by what each frequency is divided in longer texts, for all of their tokens.</summary>
    public double[] LongFactors { get; set; } = [];
}
