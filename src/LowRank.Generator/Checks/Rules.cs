using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>All rules of the language, in the order in which a reader would want to hear of them.</summary>
internal static class Rules
{
    // About the form of the declaration: these need no argument of any attribute.
    private static readonly IRule[] OfForm =
    [
        new ClassNotPartialRule(),
        new ClassShapeRule(),
        new NoSublayerRule(),
        new NameCollisionRule(),
        new SublayerFormRule(),
        new SublayerKindRule(),
    ];

    private static readonly IRule[] OfValues =
    [
        new SizeNotPositiveRule(),
        new HeadsRule(),
        new RotaryRule(),
        new PositiveNumberRule(),
        new UndefinedEnumRule(),
        new WindowRule(),
        new RankOrRatioRule(),
        new RankRule(),
        new RankPriceRule(),
        new TileGridRule(),
        new PhaseOutRule(),
        new LayersRule(),
        new EmptyBlockRule(),
        new OverlapRule(),
        new MissingProjectionRule(),
        new SelectsNothingRule(),
        new DenseAndLowRankRule(),
        new TrainingRunRule(),
        new OverflowRule(),
    ];

    /// <summary>Runs every rule; those of values only where all arguments compile, since the compiler speaks about the others.</summary>
    public static IEnumerable<Finding> Check(ModelDeclaration declaration, TransformerModel model) =>
        (declaration.IsIncomplete ? OfForm : OfForm.Concat(OfValues)).SelectMany(rule => rule.Check(declaration, model));
}
