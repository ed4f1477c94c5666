namespace LowRank.Generator.Model;

/// <summary>What a <c>[RotaryScaling]</c> says; null where it leaves a number to its default.</summary>
/// <param name="Type">How the frequencies are scaled.</param>
/// <param name="Factor">By what they are divided.</param>
/// <param name="OriginalContext">The context that they were trained with.</param>
/// <param name="LowFrequencyFactor">Llama3: what wavelengths are long.</param>
/// <param name="HighFrequencyFactor">Llama3: what wavelengths are short.</param>
/// <param name="BetaFast">Yarn: how many turns are many.</param>
/// <param name="BetaSlow">Yarn: how many turns are few.</param>
/// <param name="AttentionFactor">Yarn and LongRope: what rotated queries and keys are multiplied by.</param>
internal sealed record RotaryScalingOptions(
    RotaryScalingType Type,
    double Factor,
    int? OriginalContext = null,
    double? LowFrequencyFactor = null,
    double? HighFrequencyFactor = null,
    double? BetaFast = null,
    double? BetaSlow = null,
    double? AttentionFactor = null
)
{
    /// <summary>LongRope: by what each frequency is divided in texts within the original context.</summary>
    public EquatableArray<double> ShortFactors { get; init; }

    /// <summary>LongRope: the same in longer ones.</summary>
    public EquatableArray<double> LongFactors { get; init; }

    /// <summary>The lists that are given.</summary>
    public IEnumerable<(string Name, EquatableArray<double> Values)> GivenLists =>
        new (string Name, EquatableArray<double> Values)[] { ("ShortFactors", ShortFactors), ("LongFactors", LongFactors) }.Where(list =>
            list.Values.Count > 0
        );

    /// <summary>The named arguments that are given, with what they are given.</summary>
    public IEnumerable<(string Name, double Value)> Given =>
        new (string Name, double? Value)[]
        {
            ("OriginalContext", OriginalContext),
            ("LowFrequencyFactor", LowFrequencyFactor),
            ("HighFrequencyFactor", HighFrequencyFactor),
            ("BetaFast", BetaFast),
            ("BetaSlow", BetaSlow),
            ("AttentionFactor", AttentionFactor),
        }
            .Where(argument => argument.Value is not null)
            .Select(argument => (argument.Name, argument.Value!.Value));

    /// <summary>The types that an argument means something for.</summary>
    public static bool IsOf(string argument, RotaryScalingType type) =>
        argument switch
        {
            "OriginalContext" => type != RotaryScalingType.Linear,
            "LowFrequencyFactor" or "HighFrequencyFactor" => type == RotaryScalingType.Llama3,
            "AttentionFactor" => type is RotaryScalingType.Yarn or RotaryScalingType.LongRope,
            "ShortFactors" or "LongFactors" => type == RotaryScalingType.LongRope,
            _ => type == RotaryScalingType.Yarn,
        };
}
