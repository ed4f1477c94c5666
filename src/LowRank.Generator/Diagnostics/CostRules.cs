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
        helpLinkUri: HelpPages.Folder + "LRK0501.md"
    );

    public static readonly DiagnosticDescriptor BudgetExceeded = new(
        "LRK0502",
        "Budget is exceeded",
        "{0} of '{1}' is {2}, which exceeds its budget of {3}; the most expensive parts are {4}{5}",
        "LowRank.Cost",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0502.md"
    );

    public static readonly DiagnosticDescriptor BudgetNumber = new(
        "LRK0503",
        "Budget is not positive and finite",
        "{0} in the budget of '{1}' is {2}; it must be positive and finite",
        "LowRank.Cost",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0503.md"
    );

    public static readonly DiagnosticDescriptor BudgetNeedsRun = new(
        "LRK0504",
        "Budget needs a training run",
        "The budget of '{0}' limits {1}, which depends on how the model is trained; add [TrainingRun] to the class",
        "LowRank.Cost",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0504.md"
    );

    public static readonly DiagnosticDescriptor BudgetLimitsNothing = new(
        "LRK0505",
        "Budget limits nothing",
        "[Budget] on '{0}' limits nothing; give it a limit such as Parameters",
        "LowRank.Cost",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0505.md"
    );

    public static readonly DiagnosticDescriptor DenseWithoutEffect = new(
        "LRK0506",
        "Dense has no effect",
        "[Dense] on '{0}' has no effect: {1}",
        "LowRank.Cost",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0506.md"
    );

    public static readonly DiagnosticDescriptor NoFlopMatch = new(
        "LRK0507",
        "No dense model matches the FLOPs",
        "[DenseBaseline] on '{0}' gives no FLOP-matched dense model: {1}",
        "LowRank.Cost",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0507.md"
    );
}
