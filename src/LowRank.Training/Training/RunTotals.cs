namespace LowRank.Training;

/// <summary>What a run counts as it goes; a resumed run goes on counting.</summary>
public sealed record RunTotals
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

    /// <summary>Parameters at the first step.</summary>
    public long ParametersAtStart { get; init; }

    /// <summary>The evaluations, in order.</summary>
    public IReadOnlyList<ValidationMetrics> Validation { get; init; } = [];
}
