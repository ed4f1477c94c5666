using LowRank.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>What the declared training run costs. Decimal, since 2·10²⁰ FLOPs do not fit an Int64.</summary>
/// <param name="Steps">Optimizer steps.</param>
/// <param name="TokensPerStep">Tokens in one of them.</param>
/// <param name="TrainingFlops">All of it as declared, guides included, paper convention.</param>
/// <param name="TrainingFlopsWithoutGuide">The factors alone from the first step.</param>
/// <param name="TrainingFlopsCausal">As declared, causal convention.</param>
/// <param name="TrainingFlopsWithoutGuideCausal">The factors alone, causal convention.</param>
internal sealed record TrainingTotals(
    long Steps,
    long TokensPerStep,
    decimal TrainingFlops,
    decimal TrainingFlopsWithoutGuide,
    decimal TrainingFlopsCausal,
    decimal TrainingFlopsWithoutGuideCausal
)
{
    public static TrainingTotals Of(
        TrainingRunOptions run,
        int context,
        CostTotals model,
        IEnumerable<GuideTotals> guides,
        IEnumerable<FactorTotals> options
    )
    {
        var steps = TrainingFlopFormula.Steps(run.Tokens, run.SequencesPerStep, context);
        var tokensPerStep = checked((long)run.SequencesPerStep * context);
        var guide = guides.Sum(totals => GuideFlops(totals, steps, tokensPerStep));
        var upkeep = options.Sum(totals => totals.Run(steps));
        var factors = TrainingFlopFormula.WithoutGuide(model.ForwardFlopsPerToken, steps, tokensPerStep) + upkeep;
        var factorsCausal = TrainingFlopFormula.WithoutGuide(model.ForwardFlopsPerTokenCausal, steps, tokensPerStep) + upkeep;
        return new(steps, tokensPerStep, factors + guide, factors, factorsCausal + guide, factorsCausal);
    }

    private static decimal GuideFlops(GuideTotals totals, long steps, long tokensPerStep)
    {
        var guidedSteps = TrainingFlopFormula.GuidedSteps(steps, totals.Options.PhaseOut);
        var drawn = totals.Options.Guide == Guide.Sampled ? TrainingFlopFormula.ExpectedSampledSteps(guidedSteps) : guidedSteps;
        return TrainingFlopFormula.Guide(totals.ExtraForwardFlopsPerToken, totals.ProjectionFlopsPerStep, drawn, tokensPerStep);
    }
}
