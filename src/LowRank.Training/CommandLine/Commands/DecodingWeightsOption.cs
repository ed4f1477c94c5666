using System.CommandLine;
using LowRank.Decoding;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>--weights</c>: the form in which factored layers are read while tokens are generated.</summary>
internal static class DecodingWeightsOption
{
    /// <summary>A new option for a command of its own.</summary>
    public static Option<string?> Create() =>
        new("--weights")
        {
            Description =
                "How factored layers are read: factored, merged (their product, in memory only) or auto, whichever is faster (auto).",
            HelpName = "FORM",
        };

    /// <summary>The form that is asked for.</summary>
    /// <exception cref="InputException">There is no such form.</exception>
    public static DecodingWeights Choose(string? name) =>
        name?.Trim().ToUpperInvariant() switch
        {
            null or "AUTO" => DecodingWeights.Auto,
            "FACTORED" => DecodingWeights.Factored,
            "MERGED" => DecodingWeights.Merged,
            _ => throw new InputException($"There is no form '{name}' of weights; use factored, merged or auto."),
        };
}
