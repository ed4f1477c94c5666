using System.Text.Json;

namespace LowRank.Training.Pipelines;

/// <summary>The steps of published data sets, where they differ from the steps' defaults with their options.</summary>
internal static class Presets
{
    private const string Defaults = "{}";

    /// <summary>FineWeb (Penedo et al., 2024), in the order of its program; tokens follow where they are asked for.</summary>
    private static readonly (string Step, string Options)[] FineWeb =
    [
        (StepNames.Url, Defaults),
        (StepNames.Language, Defaults),
        (StepNames.GopherRepetition, Defaults),
        (StepNames.GopherQuality, Defaults),
        (StepNames.C4, """{ "requireTerminalPunctuation": false }"""),
        (StepNames.FineWebQuality, Defaults),
        (StepNames.MinHash, """{ "hash": "sha1" }"""),
        (StepNames.Pii, Defaults),
    ];

    /// <summary>
    /// RefinedWeb (Penedo et al., 2023), as far as rules over whole documents go: without its corrections of single lines and its removal
    /// of exact substrings, and with FineWeb's numbers of MinHash.
    /// </summary>
    private static readonly (string Step, string Options)[] RefinedWeb =
    [
        (StepNames.Url, Defaults),
        (StepNames.Language, Defaults),
        (StepNames.GopherRepetition, Defaults),
        (StepNames.GopherQuality, Defaults),
        (StepNames.Exact, Defaults),
        (StepNames.MinHash, Defaults),
    ];

    private static readonly Dictionary<string, (string Step, string Options)[]> ByName = new(StringComparer.Ordinal)
    {
        ["fineweb"] = FineWeb,
        ["refinedweb"] = RefinedWeb,
    };

    /// <summary>Their names.</summary>
    public static string All => string.Join(", ", ByName.Keys);

    /// <summary>
    /// A preset's steps in their order, each with the options that are not its defaults; null if there is none of this name.
    /// </summary>
    public static IReadOnlyList<(string Step, JsonElement Options)>? Steps(string name) =>
        ByName.TryGetValue(name, out var steps) ? [.. steps.Select(step => (step.Step, JsonElement.Parse(step.Options)))] : null;
}
