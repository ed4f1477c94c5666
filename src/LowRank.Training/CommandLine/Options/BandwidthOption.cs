using System.CommandLine;

namespace LowRank.Training.CommandLine.Options;

/// <summary>An option that takes bytes or bits per second, always with their unit.</summary>
internal static class BandwidthOption
{
    private static readonly (string Unit, double BytesPerSecond)[] Units =
    [
        ("Tbit/s", 1e12 / 8),
        ("Gbit/s", 1e9 / 8),
        ("Mbit/s", 1e6 / 8),
        ("TiB/s", 1L << 40),
        ("GiB/s", 1L << 30),
        ("MiB/s", 1L << 20),
        ("TB/s", 1e12),
        ("GB/s", 1e9),
        ("MB/s", 1e6),
    ];

    /// <summary>A new option; its value is in bytes per second.</summary>
    public static Option<double?> Create(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "RATE",
            CustomParser = result =>
            {
                var text = result.Tokens is [.., var last] ? last.Value : "";
                if (UnitNumber.Read(text, Units) is >= 1 and <= 1e18 and var rate)
                    return rate;
                result.AddError(
                    $"{name} takes a rate with its unit, such as 25GB/s (bytes) or 200Gbit/s (bits), from 1 byte to 1e18 bytes a second, not '{text}'."
                );
                return null;
            },
        };
}
