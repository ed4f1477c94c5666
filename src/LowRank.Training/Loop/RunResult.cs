using LowRank.Training.Runs;

namespace LowRank.Training.Loop;

/// <summary>What a finished run was and reached.</summary>
public sealed record RunResult
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>How it was trained.</summary>
    public required Variant Variant { get; init; }

    /// <summary>The run's seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Parameters at the end, counted from the live module.</summary>
    public required long Parameters { get; init; }

    /// <summary>Parameters at the first step, guides included, counted from the live module.</summary>
    public required long ParametersAtStart { get; init; }

    /// <summary>Training FLOPs, paper convention, counted from the live tensors as the run went.</summary>
    public required decimal TrainingFlops { get; init; }

    /// <summary>The part of <see cref="TrainingFlops"/> spent in steps in which a guide took part.</summary>
    public required decimal GuidedFlops { get; init; }

    /// <summary>Steps in which a guide existed.</summary>
    public required long GuidedSteps { get; init; }

    /// <summary>Optimizer steps.</summary>
    public required long Steps { get; init; }

    /// <summary>Tokens trained on.</summary>
    public required long Tokens { get; init; }

    /// <summary>Training time: all steps, without evaluations and checkpoints, over all sittings of a resumed run.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>The part of <see cref="WallSeconds"/> spent in guided steps.</summary>
    public required double GuidedSeconds { get; init; }

    /// <summary>Tokens per second of training time.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Largest resident memory of the process seen during the run.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>
    /// Largest growth of the GPU's used memory since the process began to train there, as its driver counts it; null on the CPU, and
    /// where nobody knows.
    /// </summary>
    public long? PeakDeviceMemoryBytes { get; init; }

    /// <summary>
    /// The final loss: mean cross-entropy per token of the validation text at the end, in nats, over
    /// <see cref="TrainingOptions.FinalEvaluationSequences"/>. NaN for a run that was stopped.
    /// </summary>
    public required double ValidationLoss { get; init; }

    /// <summary>e to the validation loss; infinite for a loss above 709.78, which is none the less a loss.</summary>
    public double ValidationPerplexity => Math.Exp(ValidationLoss);

    /// <summary>
    /// The validation loss in bits per byte of text, which runs with different tokenizers share; null for a run that was stopped, and in
    /// results of earlier versions.
    /// </summary>
    public double? ValidationBitsPerByte { get; init; }

    /// <summary>Tokens that <see cref="ValidationLoss"/> was measured on; null for a run that was stopped.</summary>
    public long? ValidationTokens { get; init; }

    /// <summary>Whether the run was stopped before its last step; the checkpoint then says how to go on.</summary>
    public required bool Stopped { get; init; }

    /// <summary>The folder of the newest checkpoint, if one was written.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The validation curve: the evaluations, in order, each on the same windows of the text.</summary>
    public required IReadOnlyList<ValidationMetrics> Validation { get; init; }

    /// <summary>The points that can be compared: in stores of earlier versions the last one is the final evaluation.</summary>
    internal IReadOnlyList<ValidationMetrics> Curve() => Stopped || ValidationTokens is not null ? Validation : [.. Validation.SkipLast(1)];

    /// <summary>What a run has come to.</summary>
    internal static RunResult Of(TrainingJob job, Variant trained, CurrentModel current, long step, RunTotals totals, string? checkpoint) =>
        new()
        {
            Model = job.Entry.Name,
            Variant = trained,
            Seed = job.Options.Seed,
            Parameters = current.CountParameters(),
            ParametersAtStart = totals.ParametersAtStart,
            TrainingFlops = totals.Flops,
            GuidedFlops = totals.GuidedFlops,
            GuidedSteps = totals.GuidedSteps,
            Steps = step,
            Tokens = step * job.TokensPerStep,
            WallSeconds = totals.Seconds,
            GuidedSeconds = totals.GuidedSeconds,
            TokensPerSecond = totals.Seconds > 0 ? step * job.TokensPerStep / totals.Seconds : 0,
            PeakMemoryBytes = totals.PeakMemoryBytes,
            PeakDeviceMemoryBytes = totals.PeakDeviceMemoryBytes,
            ValidationLoss = totals.Final?.Loss ?? double.NaN,
            ValidationBitsPerByte = totals.Final?.BitsPerByte,
            ValidationTokens = totals.Final?.Tokens,
            Stopped = step < job.Options.Steps,
            Checkpoint = checkpoint,
            Validation = totals.Validation,
        };
}
