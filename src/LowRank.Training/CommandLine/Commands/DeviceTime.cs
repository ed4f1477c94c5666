using LowRank.Costs;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>How long training takes on a device of which no more is known than its peak.</summary>
internal static class DeviceTime
{
    /// <summary>
    /// Training FLOPs of a variant over the device's tokens, paper convention; null where the model has no such variant, or where guides
    /// are asked for and no run says in which steps they are projected.
    /// </summary>
    public static decimal? Flops(ModelEntry entry, Variant variant, StatedDevice device)
    {
        if (!entry.Variants().Contains(variant))
            return null;
        var cost = LowRank.Training.Runs.Variants.Cost(entry, variant);
        if (cost.Run is { } run)
        {
            var steps = TrainingFlopFormula.Steps(device.Tokens, run.SequencesPerStep, cost.Context);
            return cost.TrainingFlops(steps, run.SequencesPerStep, cost.Context, variant == Variant.Guided);
        }

        return variant == Variant.Guided ? null : TrainingFlopFormula.WithoutGuide(cost.ForwardFlopsPerToken, 1, device.Tokens);
    }

    /// <summary>Seconds of them.</summary>
    public static double Seconds(decimal flops, StatedDevice device) => (double)flops / (device.FlopsPerSecond * device.Utilization);
}
