namespace LowRank.Training.Runs;

/// <summary>What one optimizer step showed.</summary>
/// <param name="Step">Steps taken, this one included.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Loss">Mean cross-entropy of the step's tokens, in nats.</param>
/// <param name="LearningRate">The step's learning rate.</param>
/// <param name="Alpha">The guide's share; 0 without a guide.</param>
/// <param name="GradientNorm">Norm of the whole gradient before clipping.</param>
/// <param name="TokensPerSecond">Smoothed over the last steps.</param>
/// <param name="Seconds">Training time so far, evaluations and checkpoints not counted.</param>
/// <param name="TrainingFlops">Training FLOPs so far, paper convention, counted from the live tensors.</param>
public sealed record StepMetrics(
    long Step,
    long Steps,
    double Loss,
    double LearningRate,
    double Alpha,
    double GradientNorm,
    double TokensPerSecond,
    double Seconds,
    decimal TrainingFlops
)
{
    /// <summary>
    /// Largest growth of the GPU's used memory so far, as its driver counts it, in bytes; null on the CPU, and where nobody knows.
    /// </summary>
    public long? PeakDeviceMemoryBytes { get; init; }

    /// <summary>How evenly the experts were busy; null without a mixture of them.</summary>
    public ExpertMetrics? Experts { get; init; }
}
