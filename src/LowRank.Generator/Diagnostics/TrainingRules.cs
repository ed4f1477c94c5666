using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK04xx: rules about the declared training run.</summary>
internal static class TrainingRules
{
    public static readonly DiagnosticDescriptor MicroBatch = new(
        "LRK0401",
        "Micro-batch does not divide the step",
        "{0} sequences per step do not divide into micro-batches of {1}; use a divisor of {0} such as {2}",
        "LowRank.Training",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0401.md"
    );

    public static readonly DiagnosticDescriptor RunTooShort = new(
        "LRK0402",
        "Training run is shorter than one step",
        "{0} tokens are fewer than the {1} tokens of one step ({2} sequences × {3} tokens)",
        "LowRank.Training",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0402.md"
    );
}
