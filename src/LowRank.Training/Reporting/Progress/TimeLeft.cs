using LowRank.Training.Runs;
using LowRank.Training.Wording;

namespace LowRank.Training.Reporting.Progress;

/// <summary>
/// Estimates the training time that a run still needs, from the pace of its last steps, and that of the runs after it, from its FLOPs per
/// second.
/// </summary>
/// <param name="laterFlops">Training FLOPs of the runs that follow; 0 for none.</param>
internal sealed class TimeLeft(decimal laterFlops = 0)
{
    // About the last twenty steps count: guided steps and those after them have different lengths.
    private const double Weight = 0.05;

    private StepMetrics? first;
    private double lastSeconds = double.NaN;
    private double pace = double.NaN;

    /// <summary>Seconds that the run still needs; not a number before its second step.</summary>
    public double Seconds { get; private set; } = double.NaN;

    /// <summary>Seconds that the run and those after it still need; not a number before its second step.</summary>
    public double SecondsOfAll { get; private set; } = double.NaN;

    /// <summary>Takes a step into account.</summary>
    public void After(StepMetrics metrics)
    {
        first ??= metrics;
        var taken = metrics.Seconds - lastSeconds;
        lastSeconds = metrics.Seconds;
        if (!double.IsNaN(taken))
            pace = double.IsNaN(pace) ? taken : pace + Weight * (taken - pace);
        Seconds = pace * (metrics.Steps - metrics.Step);
        // Over the whole sitting: the steps of other variants cost other FLOPs, and a mean is steadier than the last steps.
        var flops = (double)(metrics.TrainingFlops - first.TrainingFlops);
        SecondsOfAll = Seconds + (flops > 0 ? (double)laterFlops * (metrics.Seconds - first.Seconds) / flops : double.NaN);
    }

    /// <summary>What is left, in words: of the run, and of all where others follow; empty before the second step.</summary>
    public override string ToString()
    {
        if (double.IsNaN(Seconds))
            return "";
        return laterFlops == 0 || double.IsNaN(SecondsOfAll)
            ? Quantity.Duration(Seconds)
            : $"{Quantity.Duration(Seconds)}, of all variants {Quantity.Duration(SecondsOfAll)}";
    }
}
