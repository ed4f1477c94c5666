using System;

namespace LowRank.Costs;

/// <summary>
/// The training FLOPs of a model from its per-token costs. Shared by the generator (constants, hover) and the runtime (runs of any
/// length), so that a prediction and a report cannot differ by formula. A fused multiply-add counts 2; a backward pass costs
/// twice the forward pass. All results are whole numbers; <see cref="decimal"/> holds them exactly up to 7.9·10²⁸.
/// </summary>
internal static class TrainingFlopFormula
{
    /// <summary>Optimizer steps of a run: ⌊tokens / sequencesPerStep / context⌋.</summary>
    public static long Steps(long tokens, long sequencesPerStep, long context) => tokens / sequencesPerStep / context;

    /// <summary>Steps during which the guide is present: T = ⌊steps · phaseOut⌋. At step T (counted from 0) α is 0.</summary>
    public static long GuidedSteps(long steps, double phaseOut) => (long)(steps * phaseOut);

    /// <summary>
    /// Expected number of steps in which a sampled guide is drawn: Σ α(t) for t = 0 … T−1, which is (T+1)/2 for the cosine and for
    /// the linear schedule alike (0 when there is no guided step).
    /// </summary>
    public static decimal ExpectedSampledSteps(long guidedSteps) => guidedSteps == 0 ? 0m : (guidedSteps + 1) / 2m;

    /// <summary>Forward and backward of all steps without any guide: <c>3 · F · steps · tokensPerStep</c>.</summary>
    public static decimal WithoutGuide(decimal forwardFlopsPerToken, decimal steps, decimal tokensPerStep) =>
        3m * forwardFlopsPerToken * steps * tokensPerStep;

    /// <summary>
    /// What a guide adds: in every guided step the effective weight replaces the factors
    /// (<paramref name="extraForwardFlopsPerToken"/> more per token), and forming it and projecting its gradient cost
    /// <paramref name="projectionFlopsPerStep"/> = Σ 6·r·m·n once per step.
    /// </summary>
    public static decimal Guide(
        decimal extraForwardFlopsPerToken,
        decimal projectionFlopsPerStep,
        decimal guidedSteps,
        decimal tokensPerStep
    ) => guidedSteps * (3m * extraForwardFlopsPerToken * tokensPerStep + projectionFlopsPerStep);
}
