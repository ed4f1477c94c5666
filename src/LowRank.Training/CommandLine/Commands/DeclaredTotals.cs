using LowRank.Costs;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The training FLOPs of a model's declared run, per variant.</summary>
internal static class DeclaredTotals
{
    /// <summary>Optimizer steps of the declared run.</summary>
    public static long Steps(ModelCost cost) => TrainingFlopFormula.Steps(cost.Run!.Tokens, cost.Run.SequencesPerStep, cost.Context);

    /// <summary>The total of a variant, or null where the model has no such variant or declares no run.</summary>
    public static decimal? Of(ModelEntry entry, Variant variant, FlopConvention convention)
    {
        if (entry.Cost.Run is not { } run || !entry.Variants().Contains(variant))
            return null;
        return LowRank
            .Training.Runs.Variants.Cost(entry, variant)
            .TrainingFlops(Steps(entry.Cost), run.SequencesPerStep, entry.Cost.Context, variant == Variant.Guided, convention);
    }

    /// <summary>
    /// The total with the guides as branches of their own, as the paper counts it; null without a guide or a declared run.
    /// </summary>
    public static decimal? TwoBranches(ModelEntry entry, bool sampled) =>
        entry.Cost.Run is { } run && entry.HasGuide()
            ? entry.Cost.TwoBranchTrainingFlops(Steps(entry.Cost), run.SequencesPerStep, entry.Cost.Context, sampled)
            : null;
}
