namespace LowRank.Training.Checkpoints;

/// <summary>A run's last checkpoint could not be saved, for as long as that was tried. Older checkpoints are kept.</summary>
public sealed class CheckpointNotSavedException : IOException
{
    /// <summary>Says what was lost.</summary>
    /// <param name="message">What is lost, why, and from which step the run can go on.</param>
    /// <param name="step">Steps taken.</param>
    /// <param name="cause">Why the last attempt failed.</param>
    internal CheckpointNotSavedException(string message, long step, Exception cause)
        : base(message, cause) => Step = step;

    /// <summary>Steps taken.</summary>
    public long Step { get; }
}
