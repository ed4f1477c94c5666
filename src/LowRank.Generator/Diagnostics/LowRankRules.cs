using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK03xx: rules about ranks, phase-out and the layers they apply to.</summary>
internal static class LowRankRules
{
    public static readonly DiagnosticDescriptor RankOutOfRange = new(
        "LRK0301",
        "Rank is out of range",
        "Rank {0} of {1} is {2}",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0301.md"
    );

    public static readonly DiagnosticDescriptor RankReachesBreakEven = new(
        "LRK0302",
        "Rank saves nothing",
        "Rank {0} of {1} ({2} → {3}) is at or above the break-even {4}: the factors hold {5} weights, the layer they replace {6}",
        "LowRank.LowRank",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0302.md"
    );

    public static readonly DiagnosticDescriptor PhaseOut = new(
        "LRK0303",
        "phaseOut is out of range",
        "phaseOut is {0}; it is the fraction of training after which the guide is gone and must lie in (0, 1]",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0303.md"
    );

    public static readonly DiagnosticDescriptor LayersNotRange = new(
        "LRK0304",
        "Layers is not a range",
        "Layers is {0}, {1}; write for example \"1..\", \"..^1\", \"2..6\" or \"..2, 1..:2\"",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0304.md"
    );

    public static readonly DiagnosticDescriptor LayersOutsideDepth = new(
        "LRK0305",
        "Layers reach outside the depth",
        "Layers \"{0}\" runs from block {1} to before block {2}, outside the {3} blocks of '{4}'; give a range within \"0..{3}\"",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0305.md"
    );

    public static readonly DiagnosticDescriptor LayersEmpty = new(
        "LRK0306",
        "Layers are empty",
        "Layers \"{0}\" selects no block: it runs from block {1} to before block {2}; let it end behind where it begins, as \"2..3\" does, which is block 2",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0306.md"
    );

    public static readonly DiagnosticDescriptor SelectsNothing = new(
        "LRK0307",
        "LowRank selects no linear layer",
        "[LowRank] on '{0}' selects no linear layer: {1}",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0307.md"
    );

    public static readonly DiagnosticDescriptor DenseAndLowRank = new(
        "LRK0308",
        "Sublayer is both dense and low rank",
        "'{0}' carries both [Dense] and [LowRank]; remove one of them",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0308.md"
    );

    public static readonly DiagnosticDescriptor RankOrRatio = new(
        "LRK0309",
        "Rank and ratio exclude each other",
        "[LowRank] on '{0}' gives {1}; give one of the two",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0309.md"
    );

    public static readonly DiagnosticDescriptor RatioOutOfRange = new(
        "LRK0310",
        "Ratio is out of range",
        "Ratio is {0}; it is the fraction of a linear layer's weights that its factors may hold and must lie in (0, 1]",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0310.md"
    );

    public static readonly DiagnosticDescriptor Overlap = new(
        "LRK0311",
        "LowRank declarations overlap",
        "[LowRank] on '{0}' selects {1} in block {2}, which the {3} [LowRank] there selects too; let each select its own",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0311.md"
    );

    public static readonly DiagnosticDescriptor MissingProjection = new(
        "LRK0312",
        "Projection does not exist",
        "[LowRank] on '{0}' names {1}, which is not there; there are {2}",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0312.md"
    );

    public static readonly DiagnosticDescriptor LayersNamedTwice = new(
        "LRK0313",
        "Layers overlap",
        "Layers \"{0}\" names block {1} twice, by \"{2}\" and by \"{3}\"",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0313.md"
    );

    public static readonly DiagnosticDescriptor LayersRepeatTooLate = new(
        "LRK0314",
        "Layers repeat too late",
        "The strides {1} of '{0}' return to where they began only after more than {2} blocks; use strides with common factors",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0314.md"
    );

    public static readonly DiagnosticDescriptor AssemblySelectsNothing = new(
        "LRK0315",
        "LowRank on the assembly selects nothing",
        "[LowRank] on the assembly selects no linear layer of {0}",
        "LowRank.LowRank",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0315.md"
    );

    public static readonly DiagnosticDescriptor ActivationExcludes = new(
        "LRK0316",
        "Activation between the factors excludes another option",
        "[LowRank] on '{0}' sets Activation, which leaves no place for {1}: {2}",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0316.md"
    );

    public static readonly DiagnosticDescriptor RebalanceEvery = new(
        "LRK0317",
        "RebalanceEvery is not positive",
        "RebalanceEvery is {0}; it is a number of optimizer steps and must be at least 1, or left out",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0317.md"
    );

    public static readonly DiagnosticDescriptor ProductDecay = new(
        "LRK0318",
        "ProductDecay is not positive and finite",
        "ProductDecay is {0}; it is the factor λ of (λ/2)‖UV‖² and must be above 0 and finite, or left out",
        "LowRank.LowRank",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0318.md"
    );

    public static readonly DiagnosticDescriptor StrideBeyondDepth = new(
        "LRK0319",
        "Stride leads beyond the depth",
        "Layers \"{0}\" names block {1} alone, since a stride of {2} leads beyond the {3} blocks of '{4}'",
        "LowRank.LowRank",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0319.md"
    );
}
