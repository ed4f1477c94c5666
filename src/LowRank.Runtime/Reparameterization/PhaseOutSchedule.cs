using System.ComponentModel;
using LowRank.Costs;

namespace LowRank.Reparameterization;

/// <summary>The guide's share α over the optimizer steps, from 1 at step 0 to 0 at step T.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PhaseOutSchedule
{
    /// <summary>Steps during which the guide is present: T = ⌊steps · phaseOut⌋.</summary>
    /// <param name="steps">Optimizer steps of the whole run.</param>
    /// <param name="phaseOut">Fraction of them, in (0, 1].</param>
    public static long GuidedSteps(long steps, double phaseOut) => TrainingFlopFormula.GuidedSteps(steps, phaseOut);

    /// <summary>α(t) = ½(1 + cos(πt/T)), and 0 from T on (Wei et al., 2024, arXiv:2406.16450, section 3.3).</summary>
    /// <param name="step">t: the optimizer step, counted from 0.</param>
    /// <param name="guidedSteps">T.</param>
    public static double Cosine(long step, long guidedSteps) =>
        step >= guidedSteps ? 0 : 0.5 * (1 + Math.Cos(Math.PI * step / guidedSteps));

    /// <summary>α(t) = 1 − t/T, and 0 from T on.</summary>
    /// <param name="step">t: the optimizer step, counted from 0.</param>
    /// <param name="guidedSteps">T.</param>
    public static double Linear(long step, long guidedSteps) => step >= guidedSteps ? 0 : 1 - (double)step / guidedSteps;
}
