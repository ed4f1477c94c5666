using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK03xx: rules about ranks, phase-out and the layers they apply to.</summary>
internal static class LowRankRules
{
    public static readonly DiagnosticDescriptor RankOutOfRange = Rule.Error(
        "LRK0301",
        "LowRank",
        "Rank is out of range",
        "Rank {0} of {1} is {2}");

    public static readonly DiagnosticDescriptor RankReachesBreakEven = Rule.Warning(
        "LRK0302",
        "LowRank",
        "Rank saves nothing",
        "Rank {0} of {1} ({2} → {3}) is at or above the break-even {4}: the factors hold {5} weights, the layer they replace {6}");

    public static readonly DiagnosticDescriptor PhaseOut = Rule.Error(
        "LRK0303",
        "LowRank",
        "phaseOut is out of range",
        "phaseOut is {0}; it is the fraction of training after which the guide is gone and must lie in (0, 1]");

    public static readonly DiagnosticDescriptor LayersNotRange = Rule.Error(
        "LRK0304",
        "LowRank",
        "Layers is not a range",
        "Layers is {0}, which is not a C# range over the depth; write for example \"1..\", \"..^1\" or \"2..6\"");

    public static readonly DiagnosticDescriptor LayersOutsideDepth = Rule.Error(
        "LRK0305",
        "LowRank",
        "Layers reach outside the depth",
        "Layers \"{0}\" runs from block {1} to before block {2}, outside the {3} blocks of '{4}'");

    public static readonly DiagnosticDescriptor LayersEmpty = Rule.Error(
        "LRK0306",
        "LowRank",
        "Layers are empty",
        "Layers \"{0}\" selects no block: it runs from block {1} to before block {2}");

    public static readonly DiagnosticDescriptor SelectsNothing = Rule.Error(
        "LRK0307",
        "LowRank",
        "LowRank selects no linear layer",
        "[LowRank] on '{0}' selects no linear layer: {1}");

    public static readonly DiagnosticDescriptor DenseAndLowRank = Rule.Error(
        "LRK0308",
        "LowRank",
        "Sublayer is both dense and low rank",
        "'{0}' carries both [Dense] and [LowRank]; remove one of them");
}
