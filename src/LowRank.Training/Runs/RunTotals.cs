namespace LowRank.Training.Runs;

/// <summary>What a run counts as it goes; a resumed run goes on counting.</summary>
internal sealed record RunTotals
{
    /// <summary>Training FLOPs, paper convention.</summary>
    public decimal Flops { get; init; }

    /// <summary>The part of them spent in steps in which a guide took part.</summary>
    public decimal GuidedFlops { get; init; }

    /// <summary>Steps in which a guide existed.</summary>
    public long GuidedSteps { get; init; }

    /// <summary>Training time.</summary>
    public double Seconds { get; init; }

    /// <summary>The part of it spent in guided steps.</summary>
    public double GuidedSeconds { get; init; }

    /// <summary>Largest resident memory of the process.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Largest growth of a GPU's used memory; null on the CPU.</summary>
    public long? PeakDeviceMemoryBytes { get; init; }

    /// <summary>Parameters at the first step.</summary>
    public long ParametersAtStart { get; init; }

    /// <summary>The evaluations, in order, each on the same windows of the text.</summary>
    public IReadOnlyList<ValidationMetrics> Validation { get; init; } = [];

    /// <summary>The final evaluation; null before the end.</summary>
    public FinalMetrics? Final { get; init; }

    /// <summary>
    /// What a checkpoint holds, as it is counted now: once the last point of a curve was the final evaluation. Both are measured again.
    /// </summary>
    /// <param name="steps">Steps of the whole run.</param>
    internal RunTotals Resumed(long steps) =>
        Final is null && Validation.Count > 0 && Validation[^1].Step == steps
            ? this with
            {
                Validation = [.. Validation.SkipLast(1)],
            }
            : this;
}
