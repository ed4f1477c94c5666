using LowRank.Training.Runs;

namespace LowRank.Training.Tests.Loop;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingObserver : ITrainingObserver
{
    public List<StepMetrics> Steps { get; } = [];

    public List<ValidationMetrics> Validation { get; } = [];

    public List<FinalMetrics> Final { get; } = [];

    public List<(long Step, long Parameters)> Released { get; } = [];

    public List<string> Checkpoints { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Called with each warning.</summary>
    public Action<string>? OnWarning { get; init; }

    /// <summary>Called when a checkpoint was written.</summary>
    public Action<long>? OnCheckpoint { get; init; }

    /// <summary>Called after each step.</summary>
    public Action<StepMetrics>? OnStep { get; init; }

    public void Started(string model, Variant variant, long firstStep, long steps) { }

    public void StepTaken(StepMetrics metrics)
    {
        Steps.Add(metrics);
        OnStep?.Invoke(metrics);
    }

    public void Evaluated(ValidationMetrics metrics) => Validation.Add(metrics);

    public void EvaluatedAtEnd(FinalMetrics metrics) => Final.Add(metrics);

    public void GuideReleased(long step, long freedParameters) => Released.Add((step, freedParameters));

    public void Warned(string message)
    {
        Warnings.Add(message);
        OnWarning?.Invoke(message);
    }

    public void CheckpointSaved(long step, string path)
    {
        Checkpoints.Add(path);
        OnCheckpoint?.Invoke(step);
    }
}
