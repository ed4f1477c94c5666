using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>The rules of <c>[Transformer]</c>.</summary>
internal static class TransformerChecks
{
    // What is worth knowing about a declaration, and about a model that is in order.
    private static readonly IRule<SizedTransformer>[] OfRanks = [new RankPriceRule(), ForEachLowRank(new TileGridRule())];

    private static readonly IRule<CostedTransformer>[] OfModel = [new ModelPriceRule(), new NoFlopMatchRule()];

    public static RuleSet<TransformerDeclaration, SizedTransformer, CostedTransformer> Rules { get; } =
        new()
        {
            OfForm =
            [
                new ClassNotPartialRule(),
                new ClassShapeRule(ClassRules.BaseClass),
                new NoSublayerRule(),
                new NameCollisionRule(),
                new SublayerFormRule(),
                new SublayerKindRule(),
                new PartRule(),
                new ExpertsPlaceRule(),
            ],
            Size = SizedTransformer.Of,
            OfValues =
            [
                ForEach(TransformerValues.SizesOf, new SizeNotPositiveRule()),
                OfDeclaration(new HeadsRule()),
                new RotaryRule(),
                OfDeclaration(new RotaryScalingRule(), new BiasRule(), new EmbeddingScaleRule()),
                ForEach(TransformerValues.NumbersOf, new PositiveNumberRule()),
                ForEach(TransformerValues.EnumsOf, new UndefinedEnumRule()),
                OfDeclaration(new WindowRule(), new ExpertsRule(), new IdleOptionsRule(), new LatentRule()),
                new LatentRankRule(),
                ForEachLowRank(new RankOrRatioRule()),
                ForEachLowRank(new RankRule()),
                ForEachLowRank(new PhaseOutRule()),
                ForEachLowRank(new FactorOptionsRule(), new GuideOptionsRule()),
                OfDeclaration(new LayersRule(), new EmptyBlockRule()),
                new OverlapRule<LowRankOptions>(LowRankRules.Overlap, LowRankLevels.Of, namesFirst: true),
                new MissingProjectionRule(),
                new SelectsNothingRule(),
                OfDeclaration(new DenseAndLowRankRule()),
                new LoraRule(),
                new OverlapRule<LoraOptions>(LoraRules.Overlap, LoraLevels.Of, namesFirst: false),
                OfDeclaration(new TrainingRunRule()),
                new OverflowRule(),
                OfDeclaration(new BudgetNumberRule(), new BudgetRunRule(), new BudgetLimitsNothingRule(), new DenseWithoutEffectRule()),
            ],
            OfLimits = [new BudgetRule()],
            Cost = transformer => CostedTransformer.Of(transformer.Model, transformer.Declaration.Budget),
        };

    /// <summary>The notes about ranks, and about the model.</summary>
    public static IEnumerable<Finding> NotesOf(TransformerDeclaration declaration)
    {
        if (declaration.IsIncomplete)
            return [];
        var transformer = SizedTransformer.Of(declaration);
        return OfRanks
            .SelectMany(rule => rule.Check(transformer))
            .Concat(Rules.Check(declaration).Costed is { } costed ? OfModel.SelectMany(rule => rule.Check(costed)) : []);
    }

    private static IRule<SizedTransformer> OfDeclaration(params IRule<TransformerDeclaration>[] rules) =>
        For<SizedTransformer>.Each(transformer => [transformer.Declaration], rules);

    private static IRule<SizedTransformer> ForEach<T>(Func<TransformerDeclaration, IEnumerable<T>> values, IRule<T> rule) =>
        For<SizedTransformer>.Each(transformer => values(transformer.Declaration), rule);

    private static IRule<SizedTransformer> ForEachLowRank(params IRule<LowRankSelection>[] rules) =>
        For<SizedTransformer>.Each(transformer => transformer.Selections, rules);
}
