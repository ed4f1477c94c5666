using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>What is worth knowing about ranks, and a model, that are in order.</summary>
internal static class RankNotes
{
    public static readonly DiagnosticDescriptor Price = new(
        "LRK0320",
        "Price of a rank",
        "Rank {0} of {1} ({2} → {3}) keeps {4} % of {5} weights and saves {6} forward FLOPs per token{7}; break-even is {8}{9}",
        "LowRank.LowRank",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0320.md"
    );

    public static readonly DiagnosticDescriptor ModelPrice = new(
        "LRK0510",
        "Price of a model",
        "{0} has {1} parameters{2}{3}; parameters, gradients and moments take {4}{5}",
        "LowRank.Cost",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0510.md"
    );

    public static readonly DiagnosticDescriptor OffTileGrid = new(
        "LRK0321",
        "Rank is off the tile grid",
        "Rank {0} is no multiple of {1}, so kernels pad it; nearest on the grid: {2}",
        "LowRank.LowRank",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0321.md"
    );
}
