using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Keeps what a run says about its steps and evaluations, and does something after one of the steps.</summary>
internal sealed class StepLog : ITrainingObserver
{
    public List<(long Step, double Loss, double Norm)> Steps { get; } = [];

    public List<ExpertMetrics> Experts { get; } = [];

    public List<ValidationMetrics> Evaluations { get; } = [];

    public List<(long Step, long Parameters)> Densified { get; } = [];

    public int At { get; init; }

    public Action? Then { get; init; }

    public void Started(string model, Variant variant, long firstStep, long steps) { }

    public void StepTaken(StepMetrics metrics)
    {
        Steps.Add((metrics.Step, metrics.Loss, metrics.GradientNorm));
        if (metrics.Experts is { } experts)
            Experts.Add(experts);
        if (metrics.Step == At)
            Then?.Invoke();
    }

    public void Evaluated(ValidationMetrics metrics) => Evaluations.Add(metrics);

    public void GuideReleased(long step, long freedParameters) { }

    public void BecameDense(long step, long addedParameters) => Densified.Add((step, addedParameters));

    public void CheckpointSaved(long step, string path) { }
}

/// <summary>The run's process was killed.</summary>
internal sealed class KilledException : Exception;
