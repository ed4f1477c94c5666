namespace LowRank.Training.Optimization;

/// <summary>Linear warm-up, then a cosine down to a fraction of the peak, as Wei et al. (2024) train.</summary>
/// <param name="peak">Peak learning rate.</param>
/// <param name="steps">Optimizer steps of the whole run.</param>
/// <param name="warmupFraction">Fraction of the steps over which the rate rises.</param>
/// <param name="finalFraction">The rate at the end, as a fraction of the peak.</param>
public sealed class LearningRateSchedule(double peak, long steps, double warmupFraction, double finalFraction)
{
    private readonly long warmup = (long)(steps * warmupFraction);

    /// <summary>
    /// The rate of a step: <c>peak·(t+1)/w</c> while t &lt; w, then <c>peak·(f + (1−f)·½(1 + cos(π(t−w)/(steps−w))))</c>.
    /// </summary>
    /// <param name="step">t: the optimizer step, counted from 0.</param>
    public double At(long step)
    {
        if (step < warmup)
            return peak * (step + 1) / warmup;
        var progress = (double)(step - warmup) / Math.Max(1, steps - warmup);
        return peak * (finalFraction + (1 - finalFraction) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, progress))));
    }
}
