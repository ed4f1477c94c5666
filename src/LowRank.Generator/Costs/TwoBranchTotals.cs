using LowRank.Costs;

namespace LowRank.Generator.Costs;

/// <summary>What the declared run would cost with the guides as branches of their own (Wei et al., 2024), paper convention.</summary>
/// <param name="Mixed">Both branches in every guided step.</param>
/// <param name="Sampled">The guides' branch in half of the guided steps.</param>
internal sealed record TwoBranchTotals(decimal Mixed, decimal Sampled)
{
    public static TwoBranchTotals Of(TrainingTotals training, IReadOnlyCollection<GuideTotals> guides) =>
        new(
            training.TrainingFlopsWithoutGuide + guides.Sum(guide => Branch(guide, training, GuidedSteps(guide, training))),
            training.TrainingFlopsWithoutGuide
                + guides.Sum(guide => Branch(guide, training, TwoBranchFormula.SampledDraws(GuidedSteps(guide, training))))
        );

    private static decimal Branch(GuideTotals guide, TrainingTotals training, decimal draws) =>
        TwoBranchFormula.Guide(guide.Parameters, draws, training.TokensPerStep);

    private static long GuidedSteps(GuideTotals guide, TrainingTotals training) =>
        TrainingFlopFormula.GuidedSteps(training.Steps, guide.Options.PhaseOut);
}
