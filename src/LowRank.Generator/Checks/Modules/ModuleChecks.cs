using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>The rules of <c>[Module]</c>.</summary>
internal static class ModuleChecks
{
    public static RuleSet<ModuleDeclaration, ModuleDeclaration, CostedModule> Rules { get; } =
        new()
        {
            OfForm =
            [
                new ClassNotPartialRule(),
                new ClassShapeRule(ModuleRules.BaseClass),
                new ModuleAndTransformerRule(),
                new NoLayerRule(),
                new NameCollisionRule(),
                ForEachLayer(new LayerKindRule()),
                ForEachLayer(new LayerFormRule()),
                new PartOfItselfRule(),
            ],
            // Every size is declared.
            Size = module => module,
            OfValues =
            [
                ForEachLayer(
                    For<ModuleMember>.Each(LayerValues.SizesOf, new SizeNotPositiveRule()),
                    For<ModuleMember>.Each(LayerValues.NumbersOf, new PositiveNumberRule()),
                    new NormBiasRule(),
                    new PartInModuleRule()
                ),
                new OwnCostsRule(),
                new LanguageModelRule(),
                ForEachLowRank(new RankOrRatioRule()),
                ForEachLowRank(new FactorOptionsRule(), new GuideOptionsRule()),
                ForEachLowRank(new RankRule()),
                ForEachLowRank(new PhaseOutRule(), For<LowRankSelection>.Each(LayerValues.EnumsOf, new UndefinedEnumRule())),
                ForEachLowRank(new LayersInModuleRule()),
                ForEachLowRank(new ProjectionsInModuleRule()),
                new RepeatedLowRankRule(),
                new ModuleSelectsNothingRule(),
                new ModuleLoraRule(),
                new ModuleBudgetRule(),
                new ModuleOverflowRule(),
            ],
            OfLimits = [new ModuleBudgetExceededRule()],
            Cost = module => module.HasBuildableParts ? CostedModule.Of(module) : null,
        };

    private static IRule<ModuleDeclaration> ForEachLayer(params IRule<ModuleMember>[] rules) =>
        For<ModuleDeclaration>.Each(module => module.Body.Members, rules);

    private static IRule<ModuleDeclaration> ForEachLowRank(params IRule<LowRankSelection>[] rules) =>
        For<ModuleDeclaration>.Each(module => module.Selections, rules);
}
