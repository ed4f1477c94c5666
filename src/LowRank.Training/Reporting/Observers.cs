using LowRank.Training.Runs;
using LowRank.Training.Weights;

namespace LowRank.Training.Reporting;

/// <summary>Passes every event on to several observers, in order.</summary>
/// <param name="observers">The observers.</param>
internal sealed class Observers(params IReadOnlyList<ITrainingObserver> observers) : ITrainingObserver
{
    /// <inheritdoc/>
    public void Started(string model, Variant variant, long firstStep, long steps)
    {
        foreach (var observer in observers)
            observer.Started(model, variant, firstStep, steps);
    }

    /// <inheritdoc/>
    public void WeightsTransferred(string model, Variant variant, IReadOnlyList<FactoredWeight> factored)
    {
        foreach (var observer in observers)
            observer.WeightsTransferred(model, variant, factored);
    }

    /// <inheritdoc/>
    public void StepTaken(StepMetrics metrics)
    {
        foreach (var observer in observers)
            observer.StepTaken(metrics);
    }

    /// <inheritdoc/>
    public void Evaluated(ValidationMetrics metrics)
    {
        foreach (var observer in observers)
            observer.Evaluated(metrics);
    }

    /// <inheritdoc/>
    public void EvaluatedAtEnd(FinalMetrics metrics)
    {
        foreach (var observer in observers)
            observer.EvaluatedAtEnd(metrics);
    }

    /// <inheritdoc/>
    public void GuideReleased(long step, long freedParameters)
    {
        foreach (var observer in observers)
            observer.GuideReleased(step, freedParameters);
    }

    /// <inheritdoc/>
    public void BecameDense(long step, long addedParameters)
    {
        foreach (var observer in observers)
            observer.BecameDense(step, addedParameters);
    }

    /// <inheritdoc/>
    public void Warned(string message)
    {
        foreach (var observer in observers)
            observer.Warned(message);
    }

    /// <inheritdoc/>
    public void CheckpointSaved(long step, string path)
    {
        foreach (var observer in observers)
            observer.CheckpointSaved(step, path);
    }
}
