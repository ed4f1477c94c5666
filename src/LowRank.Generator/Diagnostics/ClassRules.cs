using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK00xx: rules about the class that declares a model.</summary>
internal static class ClassRules
{
    public static readonly DiagnosticDescriptor ClassNotPartial = Rule.Error(
        "LRK0001",
        "Declaration",
        "Model class is not partial",
        "'{0}' carries [{1}] but is not partial; write 'partial class {0}' so that its other part can be generated");

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = Rule.Error(
        "LRK0002",
        "Declaration",
        "Containing type is not partial",
        "'{0}' is nested in '{1}', which is not partial; write 'partial' on '{1}' too");

    public static readonly DiagnosticDescriptor ClassShape = Rule.Error(
        "LRK0003",
        "Declaration",
        "Type cannot be a model",
        "'{0}' cannot be a model because it is {1}; declare the model as a plain partial class");

    public static readonly DiagnosticDescriptor BaseClass = Rule.Error(
        "LRK0004",
        "Declaration",
        "Model class has a base class",
        "'{0}' derives from '{1}', but its generated part must derive from LowRank.Layers.LanguageModel; remove the base class");

    public static readonly DiagnosticDescriptor NoSublayer = Rule.Error(
        "LRK0005",
        "Declaration",
        "Model has no sublayer",
        "'{0}' declares no sublayer; add a partial property of type Sublayer with [Attention] or [FeedForward]");

    public static readonly DiagnosticDescriptor NameCollision = Rule.Error(
        "LRK0006",
        "Declaration",
        "Name is taken by generated code",
        "'{0}' is a name that the generated part of '{1}' needs for {2}; rename it");

    public static readonly DiagnosticDescriptor MisplacedAttribute = Rule.Error(
        "LRK0007",
        "Declaration",
        "Attribute means nothing here",
        "[{0}] on '{1}' means nothing because '{2}' is not declared with [Transformer]");

    /// <summary>Whether an id is one of these rules'.</summary>
    public static bool Contains(string id) => id.StartsWith("LRK00", StringComparison.Ordinal);
}
