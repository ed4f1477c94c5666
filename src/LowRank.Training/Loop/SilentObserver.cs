using LowRank.Training.Runs;

namespace LowRank.Training.Loop;

/// <summary>Is told how a run goes where another rank says it.</summary>
internal sealed class SilentObserver : ITrainingObserver
{
    /// <inheritdoc/>
    public void Started(string model, Variant variant, long firstStep, long steps) { }

    /// <inheritdoc/>
    public void StepTaken(StepMetrics metrics) { }

    /// <inheritdoc/>
    public void Evaluated(ValidationMetrics metrics) { }

    /// <inheritdoc/>
    public void GuideReleased(long step, long freedParameters) { }

    /// <inheritdoc/>
    public void CheckpointSaved(long step, string path) { }
}
