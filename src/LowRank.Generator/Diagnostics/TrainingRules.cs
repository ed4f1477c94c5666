using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK04xx: rules about the declared training run.</summary>
internal static class TrainingRules
{
    public static readonly DiagnosticDescriptor MicroBatch = Rule.Error(
        "LRK0401",
        "Training",
        "Micro-batch does not divide the step",
        "{0} sequences per step do not divide into micro-batches of {1}; use a divisor of {0} such as {2}");

    public static readonly DiagnosticDescriptor RunTooShort = Rule.Error(
        "LRK0402",
        "Training",
        "Training run is shorter than one step",
        "{0} tokens are fewer than the {1} tokens of one step ({2} sequences × {3} tokens)");
}
