using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK08xx: how tensors are used, in any code. Off unless a project asks for them.</summary>
internal static class TensorRules
{
    public static readonly DiagnosticDescriptor UnheldTemporary = new(
        "LRK0801",
        "Temporary tensor is held by nothing",
        "Nothing holds the result of {0} while {1} reads it: it may be finalized during the call; give it a name with 'using var'",
        "LowRank.Tensor",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: false,
        helpLinkUri: HelpPages.Folder + "LRK0801.md"
    );

    public static readonly DiagnosticDescriptor UnheldScalar = new(
        "LRK0802",
        "Number becomes a scalar that is held by nothing",
        "{0} that nothing holds while {1} reads it: it may be finalized during the call; {2}",
        "LowRank.Tensor",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: false,
        helpLinkUri: HelpPages.Folder + "LRK0802.md"
    );
}
