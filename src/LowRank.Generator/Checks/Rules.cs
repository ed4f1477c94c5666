using LowRank.Generator.Checks.Transformers;
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
        new PhaseOutRule(),
        new FactorOptionsRule(),
        new LayersRule(),
        new EmptyBlockRule(),
        new OverlapRule(),
        new MissingProjectionRule(),
        new SelectsNothingRule(),
        new DenseAndLowRankRule(),
        new LoraRule(),
        new TrainingRunRule(),
        new OverflowRule(),
        new BudgetNumberRule(),
        new BudgetRunRule(),
        new BudgetLimitsNothingRule(),
        new DenseWithoutEffectRule(),
    ];

    // About sums, which mean nothing while one of the sizes in them is refused.
    private static readonly IRule[] OfCosts = [new BudgetRule()];

    // What is worth knowing about ranks that are in order. Every model with a low rank has some, and the compiler looks for suppressions of
    // whatever a generator reports on every keystroke, which binds the attributes around it: an analyzer says these, when it is asked to.
    private static readonly IRule[] OfRanks = [new RankPriceRule(), new TileGridRule()];

    /// <summary>The notes about ranks.</summary>
    public static IEnumerable<Finding> Notes(TransformerDeclaration declaration, TransformerModel model) =>
        declaration.IsIncomplete ? [] : Run(OfRanks, declaration, model);

    /// <summary>
    /// Runs every rule but those of notes; those of values only where all arguments compile, since the compiler speaks about the others.
    /// </summary>
    public static IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model)
    {
        var findings = Run(OfForm, declaration, model);
        if (declaration.IsIncomplete)
            return findings;
        var ofValues = Run(OfValues, declaration, model);
        var isSized = model.Sublayers.Count == declaration.Sublayers.Count && !ofValues.Any(finding => finding.IsError);
        return findings.Concat(ofValues).Concat(isSized ? Run(OfCosts, declaration, model) : []);
    }

    private static List<Finding> Run(IRule[] rules, TransformerDeclaration declaration, TransformerModel model) =>
        [.. rules.SelectMany(rule => rule.Check(declaration, model))];
}
