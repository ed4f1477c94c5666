using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK05xx: rules about the accounting.</summary>
internal static class CostRules
{
    public static readonly DiagnosticDescriptor Overflow = new(
        "LRK0501",
        "Model is too large to account for",
        "'{0}' is too large to account for: {1} exceeds {2}",
        "LowRank.Cost",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0501.md");
}
