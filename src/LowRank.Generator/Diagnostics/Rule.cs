using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>Makes the descriptors, so that each has its category and its help page.</summary>
internal static class Rule
{
    private const string Pages = "https://github.com/LowRankDsl/LowRankDsl/blob/main/docs/diagnostics/";

    public static DiagnosticDescriptor Error(string id, string category, string title, string message) =>
        Create(id, category, title, message, DiagnosticSeverity.Error);

    public static DiagnosticDescriptor Warning(string id, string category, string title, string message) =>
        Create(id, category, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Create(string id, string category, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, "LowRank." + category, severity, isEnabledByDefault: true, helpLinkUri: $"{Pages}{id}.md");
}
