using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK07xx: rules about adapters.</summary>
internal static class LoraRules
{
    public static readonly DiagnosticDescriptor RankOutOfRange = new(
        "LRK0701",
        "Rank of an adapter is out of range",
        "Rank {0} of the adapter of {1} is {2}",
        "LowRank.LoRA",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0701.md"
    );

    public static readonly DiagnosticDescriptor Alpha = new(
        "LRK0702",
        "alpha is out of range",
        "alpha of [LoRA] on '{0}' is {1}; adapters are multiplied by alpha/rank, and it must be above 0 and finite",
        "LowRank.LoRA",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0702.md"
    );

    public static readonly DiagnosticDescriptor Dropout = new(
        "LRK0703",
        "Dropout is out of range",
        "Dropout of [LoRA] on '{0}' is {1}; it is the fraction of an adapter's inputs that is dropped and must lie in [0, 1)",
        "LowRank.LoRA",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0703.md"
    );

    public static readonly DiagnosticDescriptor SelectsNothing = new(
        "LRK0704",
        "LoRA selects no linear layer",
        "[LoRA] on '{0}' selects no linear layer: {1}",
        "LowRank.LoRA",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0704.md"
    );

    public static readonly DiagnosticDescriptor Overlap = new(
        "LRK0705",
        "LoRA declarations overlap",
        "[LoRA] on '{0}' selects {1} in block {2}, which another [LoRA] there selects too; let each select its own",
        "LowRank.LoRA",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0705.md"
    );

    public static readonly DiagnosticDescriptor LoraAndLowRank = new(
        "LRK0706",
        "Linear layer is both adapted and factored",
        "[LoRA] on '{0}' selects {1}{2}, which [LowRank] factors to rank {3}; adapters stand beside full-size weights alone, so {4}",
        "LowRank.LoRA",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0706.md"
    );
}
