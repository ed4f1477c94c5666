using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK01xx: rules about the properties that declare sublayers.</summary>
internal static class SublayerRules
{
    public static readonly DiagnosticDescriptor PropertyNotPartial = new(
        "LRK0101",
        "Sublayer property is not partial",
        "'{0}' carries [{1}] but is not a partial property without body; write 'public partial Sublayer {0} {{ get; }}'",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0101.md"
    );

    public static readonly DiagnosticDescriptor PropertyType = new(
        "LRK0102",
        "Sublayer property has the wrong form",
        "'{0}' is {1}; a sublayer is a get-only instance property of type LowRank.Sublayer",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0102.md"
    );

    public static readonly DiagnosticDescriptor TwoKinds = new(
        "LRK0103",
        "Sublayer is of two kinds",
        "'{0}' carries both [{1}] and [{2}]; give each its own property, in the order in which they run",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0103.md"
    );

    public static readonly DiagnosticDescriptor NoKind = new(
        "LRK0104",
        "Sublayer is of no kind",
        "'{0}' is a partial Sublayer without a kind; add [Attention], [FeedForward] or [Part]",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0104.md"
    );

    public static readonly DiagnosticDescriptor EmptyBlock = new(
        "LRK0105",
        "Block has no sublayer",
        "The Layers of '{0}' leave {1} without a sublayer; let those of one sublayer name it, or take it off the depth",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0105.md"
    );

    public static readonly DiagnosticDescriptor MissingBias = new(
        "LRK0106",
        "Bias names a projection that is not there",
        "Bias of '{0}' names {1}, which is not there; there are {2}",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0106.md"
    );

    public static readonly DiagnosticDescriptor PartialBias = new(
        "LRK0107",
        "Bias of some of queries, keys and values",
        "Bias of '{0}' names {1} of queries, keys and values, which are one product with one bias; name Query, Key and Value, or none of them",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0107.md"
    );

    public static readonly DiagnosticDescriptor PartUnfit = new(
        "LRK0110",
        "Part cannot stand in a block",
        "'{0}' cannot be built: {1}",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0110.md"
    );
}
