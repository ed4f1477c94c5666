namespace LowRank.Training.Loop;

/// <summary>
/// A run diverged: a loss, a gradient norm or a weight is infinite or no number. Nothing of it was saved; earlier checkpoints are kept.
/// </summary>
/// <param name="message">What diverged at which step, from which checkpoint to go on, and what to do.</param>
/// <param name="step">Steps taken when it was noticed, the diverged one included.</param>
/// <param name="checkpoint">The folder of the newest checkpoint whose weights have had a finite loss since; null without one.</param>
public sealed class TrainingDivergedException(string message, long step, string? checkpoint) : Exception(message)
{
    /// <summary>Steps taken when it was noticed, the diverged one included.</summary>
    public long Step { get; } = step;

    /// <summary>The folder of the newest checkpoint whose weights have had a finite loss since; null without one.</summary>
    public string? Checkpoint { get; } = checkpoint;
}
