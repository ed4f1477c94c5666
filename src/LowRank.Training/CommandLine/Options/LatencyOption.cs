using System.CommandLine;

namespace LowRank.Training.CommandLine.Options;

/// <summary>An option that takes a short time, always with its unit.</summary>
internal static class LatencyOption
{
    // Both letters that look like µ.
    private static readonly (string Unit, double Seconds)[] Units =
    [
        ("ns", 1e-9),
        ("us", 1e-6),
        ("\u00b5s", 1e-6),
        ("\u03bcs", 1e-6),
        ("ms", 1e-3),
        ("s", 1),
    ];

    /// <summary>A new option; its value is in seconds.</summary>
    public static Option<double?> Create(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "TIME",
            CustomParser = result =>
            {
                var text = result.Tokens is [.., var last] ? last.Value : "";
                if (UnitNumber.Read(text, Units) is >= 0 and <= 3600 and var time)
                    return time;
                result.AddError($"{name} takes a time with its unit, such as 5us or 0.02ms, from 0s to 3600s, not '{text}'.");
                return null;
            },
        };
}
