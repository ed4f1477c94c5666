using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK09xx: rules about mixtures of experts.</summary>
internal static class ExpertRules
{
    public static readonly DiagnosticDescriptor WithoutFeedForward = new(
        "LRK0901",
        "Experts without feed-forward",
        "'{0}' carries [Experts] without [FeedForward], which says what one expert is; add [FeedForward]",
        "LowRank.Experts",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0901.md"
    );

    public static readonly DiagnosticDescriptor TooFew = new(
        "LRK0902",
        "Too few experts",
        "'{0}' declares a count of {1}, and a router chooses among at least 2; raise the count, or leave [Experts] out",
        "LowRank.Experts",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0902.md"
    );

    public static readonly DiagnosticDescriptor ActiveOutOfRange = new(
        "LRK0903",
        "Active experts are out of range",
        "{1} of {2} experts of '{0}' are active; a token passes through at least 1 and at most all of them",
        "LowRank.Experts",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0903.md"
    );

    public static readonly DiagnosticDescriptor OneWeight = new(
        "LRK0904",
        "Weight of the one active expert is always 1",
        "'{0}' normalizes the weight of one active expert, which is then always 1, so that nothing trains its router; leave NormalizeWeights out",
        "LowRank.Experts",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0904.md"
    );

    public static readonly DiagnosticDescriptor AllActive = new(
        "LRK0905",
        "All experts are active",
        "Every token passes through all {1} experts of '{0}', so that its router chooses nothing and no FLOPs are saved; lower active, or raise count",
        "LowRank.Experts",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0905.md"
    );
}
