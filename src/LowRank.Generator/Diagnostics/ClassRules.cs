using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK00xx: rules about the class that declares a model.</summary>
internal static class ClassRules
{
    public static readonly DiagnosticDescriptor ClassNotPartial = new(
        "LRK0001",
        "Model class is not partial",
        "'{0}' carries [{1}] but is not partial; write 'partial class {0}' so that its other part can be generated",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0001.md"
    );

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = new(
        "LRK0002",
        "Containing type is not partial",
        "'{0}' is nested in '{1}', which is not partial; write 'partial' on '{1}' too",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0002.md"
    );

    public static readonly DiagnosticDescriptor ClassShape = new(
        "LRK0003",
        "Type cannot be a model",
        "'{0}' cannot be a model because it is {1}; declare the model as a plain partial class",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0003.md"
    );

    public static readonly DiagnosticDescriptor BaseClass = new(
        "LRK0004",
        "Model class has a base class",
        "'{0}' derives from '{1}', but its generated part must derive from LowRank.Models.DeclaredTransformer; remove the base class",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0004.md"
    );

    public static readonly DiagnosticDescriptor NoSublayer = new(
        "LRK0005",
        "Model has no sublayer",
        "'{0}' declares no sublayer; add a partial property of type Sublayer with [Attention] or [FeedForward]",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0005.md"
    );

    public static readonly DiagnosticDescriptor NameCollision = new(
        "LRK0006",
        "Name is taken by generated code",
        "'{0}' is a name that the generated part of '{1}' needs for {2}; rename it",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0006.md"
    );

    public static readonly DiagnosticDescriptor MisplacedAttribute = new(
        "LRK0007",
        "Attribute means nothing here",
        "[{0}] on '{1}' means nothing because '{2}' is not declared with {3}",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0007.md"
    );

    public static readonly DiagnosticDescriptor UnknownOption = new(
        "LRK0008",
        "Attribute has no such option",
        "[{0}] has no option '{1}'; {2}",
        "LowRank.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0008.md"
    );

    public static readonly DiagnosticDescriptor IdleOption = new(
        "LRK0009",
        "Option has no effect",
        "{0} of [{1}] on '{2}' has no effect: {3}; leave it out",
        "LowRank.Declaration",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0009.md"
    );

    /// <summary>Whether a class with this error can have no base class or constructor generated.</summary>
    public static bool ForbidBaseClass(string id) => id.StartsWith("LRK00", StringComparison.Ordinal) || id is "LRK0601" or "LRK0602";
}
