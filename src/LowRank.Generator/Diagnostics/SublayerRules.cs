using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK01xx: rules about the properties that declare sublayers.</summary>
internal static class SublayerRules
{
    public static readonly DiagnosticDescriptor PropertyNotPartial = Rule.Error(
        "LRK0101",
        "Declaration",
        "Sublayer property is not partial",
        "'{0}' carries [{1}] but is not a partial property without body; write 'public partial Sublayer {0} {{ get; }}'");

    public static readonly DiagnosticDescriptor PropertyType = Rule.Error(
        "LRK0102",
        "Declaration",
        "Sublayer property has the wrong form",
        "'{0}' is {1}; a sublayer is a get-only instance property of type LowRank.Sublayer");

    public static readonly DiagnosticDescriptor TwoKinds = Rule.Error(
        "LRK0103",
        "Declaration",
        "Sublayer is of two kinds",
        "'{0}' carries both [Attention] and [FeedForward]; give each its own property, in the order in which they run");

    public static readonly DiagnosticDescriptor NoKind = Rule.Error(
        "LRK0104",
        "Declaration",
        "Sublayer is of no kind",
        "'{0}' is a partial Sublayer without a kind; add [Attention] or [FeedForward]");
}
