using LowRank.Costs;
using LowRank.Training.Wording;

namespace LowRank.Training.Runs;

/// <summary>
/// Factors first, dense layers from a step on (<see cref="TrainingOptions.DenseFrom"/>): a small model learns as fast per step as a large
/// one at first, and costs less.
/// </summary>
internal static class DensePhase
{
    // New optimizer state under a high rate could throw away what the factors have learned.
    private const double WarmupFraction = 0.01;

    /// <summary>The first step of the dense layers, <c>⌊steps · denseFrom⌋</c>; null for never.</summary>
    public static long? FirstStep(TrainingOptions options) => options.DenseFrom is { } fraction ? (long)(options.Steps * fraction) : null;

    /// <summary>Whether a model becomes dense before a step.</summary>
    public static bool BeginsAt(long step, Variant held, TrainingOptions options) => step == FirstStep(options) && held != Variant.Dense;

    /// <summary>Whether a run of a variant can hold this one after so many steps; between the phases it may be either.</summary>
    public static bool CanBe(Variant held, long step, TrainingOptions options, Variant variant) =>
        (held == variant && !(step > FirstStep(options))) || (held == Variant.Dense && step >= FirstStep(options));

    /// <summary>
    /// The steps of the phase that a step belongs to, counted from the run's first: what is done at the end of factors is done at their
    /// end.
    /// </summary>
    public static long LastStep(long step, TrainingOptions options) =>
        step < FirstStep(options) ? FirstStep(options)!.Value : options.Steps;

    /// <summary>What the learning rate is multiplied by: the dense layers warm up over a hundredth of the run.</summary>
    public static double RateFactor(long step, TrainingOptions options)
    {
        if (FirstStep(options) is not { } first || step < first)
            return 1;
        var warmup = Math.Max(1, (long)(options.Steps * WarmupFraction));
        return Math.Min(1, (double)(step - first + 1) / warmup);
    }

    /// <summary>Training FLOPs of a whole run; sampled guides count with their expected number of draws.</summary>
    public static decimal Flops(
        ModelEntry entry,
        Variant variant,
        TrainingOptions options,
        FlopConvention convention = FlopConvention.Paper
    )
    {
        decimal Of(Variant trained, long steps) =>
            Variants
                .Cost(entry, trained)
                .TrainingFlops(steps, options.SequencesPerStep, options.Context, trained == Variant.Guided, convention);
        return FirstStep(options) is { } first ? Of(variant, first) + Of(Variant.Dense, options.Steps - first) : Of(variant, options.Steps);
    }

    /// <summary>Refuses a variant that has no factors to merge, or a dense phase without steps.</summary>
    /// <exception cref="InputException">There is nothing to become dense, or nothing that it could become.</exception>
    public static void Validate(TrainingOptions options, ModelEntry entry, Variant variant)
    {
        var denseFrom = new OptionName(nameof(TrainingOptions.DenseFrom));
        if (options.DenseFrom is not { } fraction)
            return;
        if (FirstStep(options) == 0)
            throw InputException.Naming(
                $"{denseFrom} {fraction} of {options.Steps} steps leaves none for the factors; train longer, or leave it out."
            );
        if (variant != Variant.LowRank || entry.Cost.Sublayers.All(sublayer => sublayer.Rank == 0))
            throw InputException.Naming(
                $"{denseFrom} makes factors dense, and the {variant.Key()} variant of {entry.Name} doesn't train factors alone; use {new OptionName(nameof(Variant))} lowrank."
            );
        if (options.FineTuning is not null)
            throw InputException.Naming($"{denseFrom} goes with training from the start, not with fine-tuning.");
        if (entry.Cost.Factors.Any(factors => factors.Activation is not null))
            throw InputException.Naming(
                $"{denseFrom} merges factors, and those of {entry.Name} have an activation between them; leave out the one or the other."
            );
        _ = Variants.Entry(entry, Variant.Dense);
    }
}
