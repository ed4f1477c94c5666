using System;

namespace LowRank.Costs;

/// <summary>
/// The accounting of Wei et al. (2024) for a guide computed beside the factors, <c>αWx + (1−α)U(Vx)</c> as two branches. It is what the
/// effective weight is compared with, and reproduces every run that the paper publishes.
/// </summary>
internal static class TwoBranchFormula
{
    /// <summary>Steps in which the paper charges a sampled guide: half of those guided, T/2.</summary>
    public static decimal SampledDraws(long guidedSteps) => guidedSteps / 2m;

    /// <summary>
    /// What the guides' own branch adds: forward and backward through W, <c>3 · 2·Σm·n · draws · tokensPerStep</c>. The factors are
    /// computed all the same.
    /// </summary>
    /// <param name="guideWeights">Σm·n over the guides.</param>
    /// <param name="draws">Steps in which they are computed.</param>
    /// <param name="tokensPerStep">Tokens in one step.</param>
    public static decimal Guide(decimal guideWeights, decimal draws, decimal tokensPerStep) =>
        TrainingFlopFormula.WithoutGuide(2m * guideWeights, draws, tokensPerStep);

    /// <summary>
    /// A run at a fixed number of FLOPs, as the paper lengthens it: the guide lasts T = ⌊steps · fraction⌋ steps, and as many are added to
    /// the run.
    /// </summary>
    /// <param name="steps">Steps of the run that sets the FLOPs.</param>
    /// <param name="fraction">How much longer it becomes.</param>
    public static (long Steps, long GuidedSteps) Lengthened(long steps, double fraction)
    {
        var guidedSteps = TrainingFlopFormula.GuidedSteps(steps, fraction);
        return (checked(steps + guidedSteps), guidedSteps);
    }

    /// <summary>
    /// The fraction by which a run is to be lengthened to reach a number of FLOPs, from
    /// <c>flops = 3 · tokensPerStep · steps · (F·(1 + fraction) + 2·Σm·n·share·fraction)</c>. The paper rounds it to 0.43, 0.40 and 0.395.
    /// </summary>
    /// <param name="flops">The FLOPs to reach.</param>
    /// <param name="forwardFlopsPerToken">F: forward FLOPs per token through the factors.</param>
    /// <param name="guideWeights">Σm·n over the guides.</param>
    /// <param name="share">Share of the guided steps in which they are computed: 1 for the exact mix, ½ for sampled guides.</param>
    /// <param name="steps">Steps of the run that sets the FLOPs.</param>
    /// <param name="tokensPerStep">Tokens in one step.</param>
    public static decimal LengtheningFor(
        decimal flops,
        decimal forwardFlopsPerToken,
        decimal guideWeights,
        decimal share,
        decimal steps,
        decimal tokensPerStep
    ) => (flops / (3m * steps * tokensPerStep) - forwardFlopsPerToken) / (forwardFlopsPerToken + 2m * guideWeights * share);
}
