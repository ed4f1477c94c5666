using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK06xx: rules about modules and their layers. Sizes, ranks and names are held to the same rules as in transformers.</summary>
internal static class ModuleRules
{
    public static readonly DiagnosticDescriptor BaseClass = new(
        "LRK0601",
        "Module class has a base class",
        "'{0}' derives from '{1}', but its generated part must derive from LowRank.Models.DeclaredModule; remove the base class",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0601.md"
    );

    public static readonly DiagnosticDescriptor ModuleAndTransformer = new(
        "LRK0602",
        "Class is both a module and a transformer",
        "'{0}' carries both [Module] and [Transformer]; remove one of them",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0602.md"
    );

    public static readonly DiagnosticDescriptor NoLayer = new(
        "LRK0603",
        "Module declares no layer",
        "'{0}' declares no layer; add a partial property with [Linear], [Embedding], [Normalization] or [Part]",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0603.md"
    );

    public static readonly DiagnosticDescriptor PropertyNotPartial = new(
        "LRK0604",
        "Layer property is not partial",
        "'{0}' carries [{1}] but is not a partial property without body; write 'public partial {2} {0} {{ get; }}'",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0604.md"
    );

    public static readonly DiagnosticDescriptor PropertyForm = new(
        "LRK0605",
        "Layer property has the wrong form",
        "'{0}' is {1}; [{2}] is for a get-only instance property of type {3}",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0605.md"
    );

    public static readonly DiagnosticDescriptor TwoKinds = new(
        "LRK0606",
        "Layer is of two kinds",
        "'{0}' carries both [{1}] and [{2}]; give each its own property",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0606.md"
    );

    public static readonly DiagnosticDescriptor LayersInModule = new(
        "LRK0607",
        "Layers mean nothing in a module",
        "Layers = \"{0}\" on '{1}' selects blocks of a transformer, and '{2}' is a [Module]; give the parts to be factored a [LowRank] of their own",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0607.md"
    );

    public static readonly DiagnosticDescriptor Recursive = new(
        "LRK0608",
        "Module contains itself",
        "'{0}' {1}; a module cannot be built from itself",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0608.md"
    );

    public static readonly DiagnosticDescriptor RepeatedLowRank = new(
        "LRK0609",
        "LowRank or LoRA is repeated in a module",
        "'{0}' carries more than one [{1}], and a [Module] has neither blocks nor projections to divide between them; keep one",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0609.md"
    );

    public static readonly DiagnosticDescriptor ProjectionsInModule = new(
        "LRK0610",
        "Projections mean nothing in a module",
        "Projections on '{0}' selects linears of a transformer's sublayers, and '{1}' is a [Module]; leave it out, and exempt layers by [Dense]",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0610.md"
    );

    public static readonly DiagnosticDescriptor NoKind = new(
        "LRK0611",
        "Layer is of no kind",
        "'{0}' carries [{1}] but does not say which layer it is; add [Linear], or remove [{1}]",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0611.md"
    );

    public static readonly DiagnosticDescriptor OwnCostNegative = new(
        "LRK0612",
        "Declared cost is negative",
        "{0} of '{1}' is {2}; it must be at least 0",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0612.md"
    );

    public static readonly DiagnosticDescriptor NoLanguageModule = new(
        "LRK0613",
        "Language model is no ILanguageModule",
        "'{0}' carries [LanguageModel] and is no ILanguageModule: let it be one, with Tensor Hidden(Tensor tokens) and Tensor HeadWeight",
        "LowRank.Module",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0613.md"
    );
}
