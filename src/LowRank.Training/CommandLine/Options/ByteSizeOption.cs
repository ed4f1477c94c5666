using System.CommandLine;
using System.Globalization;

namespace LowRank.Training.CommandLine.Options;

/// <summary>An option that takes a size in bytes, with a decimal or binary unit if wanted.</summary>
internal static class ByteSizeOption
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("KIB", 1L << 10),
        ("MIB", 1L << 20),
        ("GIB", 1L << 30),
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("", 1),
    ];

    /// <summary>A new option.</summary>
    public static Option<long?> Create(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "SIZE",
            CustomParser = result =>
            {
                var text = result.Tokens is [.., var last] ? last.Value : "";
                var (unit, bytes) = Array.Find(Units, candidate => text.EndsWith(candidate.Unit, StringComparison.OrdinalIgnoreCase));
                if (
                    long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    && count >= 1
                    && count <= long.MaxValue / bytes
                )
                    return count * bytes;
                result.AddError($"{name} takes a size such as 500MB or 5GB, not '{text}'.");
                return null;
            },
        };
}
