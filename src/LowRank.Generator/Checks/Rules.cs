using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>All rules of the language, in the order in which a reader would want to hear of them.</summary>
internal static class Rules
{
    private static readonly IRule[] All =
    [
        new ClassNotPartialRule(),
        new ClassShapeRule(),
        new NoSublayerRule(),
        new NameCollisionRule(),
        new SublayerFormRule(),
        new SublayerKindRule(),
        new SizeNotPositiveRule(),
        new HeadsRule(),
        new RotaryRule(),
        new PositiveNumberRule(),
        new UndefinedEnumRule(),
        new RankRule(),
        new PhaseOutRule(),
        new LayersRule(),
        new SelectsNothingRule(),
        new DenseAndLowRankRule(),
        new TrainingRunRule(),
        new OverflowRule(),
    ];

    public static IEnumerable<Finding> Check(ModelDeclaration declaration, TransformerModel model) =>
        All.SelectMany(rule => rule.Check(declaration, model));
}
