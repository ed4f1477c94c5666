using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>What became of a module: something to emit, or the errors that forbid it.</summary>
/// <param name="Declaration">The declaration.</param>
/// <param name="Module">The module, or null where there is an error.</param>
/// <param name="Errors">The ids of the errors, in order and once each.</param>
internal sealed record CheckedModule(ModuleDeclaration Declaration, CostedModule? Module, EquatableArray<string> Errors)
{
    private static readonly IModuleRule[] OfForm =
    [
        new ModuleClassRule(),
        new ModuleAndTransformerRule(),
        new NoLayerRule(),
        new LayerNameRule(),
        new LayerKindRule(),
        new LayerFormRule(),
        new PartOfItselfRule(),
    ];

    private static readonly IModuleRule[] OfValues =
    [
        new LayerSizeRule(),
        new LayerRankRule(),
        new ModulePhaseOutRule(),
        new LayersInModuleRule(),
        new ProjectionsInModuleRule(),
        new RepeatedLowRankRule(),
        new ModuleSelectsNothingRule(),
        new ModuleOverflowRule(),
    ];

    /// <summary>Whether the class itself is in order, so that a part of it can derive from the modules' base class.</summary>
    public bool IsClassSound => !Errors.Any(ModuleRules.ForbidClass);

    /// <summary>Runs every rule; those of values only where all arguments compile, since the compiler speaks about the others.</summary>
    public static IEnumerable<Finding> Check(ModuleDeclaration declaration) =>
        (declaration.IsIncomplete ? OfForm : OfForm.Concat(OfValues)).SelectMany(rule => rule.Check(declaration));

    public static CheckedModule Of(ModuleDeclaration declaration)
    {
        var errors = Check(declaration)
            .Where(finding => finding.IsError)
            .Select(finding => finding.Rule.Id)
            .Distinct()
            .OrderBy(id => id, StringComparer.Ordinal)
            .ToList();
        // A part whose own class is unsound has no constructor; what is wrong is said there.
        var isBuildable = declaration.Body.Members.All(member => member.Kind != MemberKind.Part || member.IsBuildable);
        return errors.Count == 0 && !declaration.IsIncomplete && isBuildable
            ? new(declaration, CostedModule.Of(declaration), EquatableArray<string>.Empty)
            : new(declaration, null, new(errors));
    }
}
