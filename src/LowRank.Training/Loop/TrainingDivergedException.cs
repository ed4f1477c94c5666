namespace LowRank.Training.Loop;

/// <summary>
/// A run diverged: a loss, a gradient norm or a weight is infinite or no number. Nothing of it was saved; earlier checkpoints are kept.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Says what diverged.</summary>
    /// <param name="message">What diverged at which step, from which checkpoint to go on, and what to do.</param>
    /// <param name="step">Steps taken when it was noticed, the diverged one included.</param>
    /// <param name="checkpoint">The folder of the newest checkpoint whose weights have had a finite loss since; null without one.</param>
    internal TrainingDivergedException(string message, long step, string? checkpoint)
        : base(message) => (Step, Checkpoint) = (step, checkpoint);

    /// <summary>Steps taken when it was noticed, the diverged one included.</summary>
    public long Step { get; }

    /// <summary>The folder of the newest checkpoint whose weights have had a finite loss since; null without one.</summary>
    public string? Checkpoint { get; }
}
