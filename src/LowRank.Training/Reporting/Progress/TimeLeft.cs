using LowRank.Training.Runs;

namespace LowRank.Training.Reporting.Progress;

/// <summary>Estimates the training time that a run still needs, from the pace of its last steps.</summary>
internal sealed class TimeLeft
{
    // About the last twenty steps count: guided steps and those after them have different lengths.
    private const double Weight = 0.05;

    private double lastSeconds = double.NaN;
    private double pace = double.NaN;

    /// <summary>Takes a step into account.</summary>
    /// <returns>Seconds left; not a number before the second step.</returns>
    public double After(StepMetrics metrics)
    {
        var taken = metrics.Seconds - lastSeconds;
        lastSeconds = metrics.Seconds;
        if (!double.IsNaN(taken))
            pace = double.IsNaN(pace) ? taken : pace + Weight * (taken - pace);
        return pace * (metrics.Steps - metrics.Step);
    }
}
