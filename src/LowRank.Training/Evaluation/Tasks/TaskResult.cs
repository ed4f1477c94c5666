namespace LowRank.Training.Evaluation.Tasks;

/// <summary>What a model reaches in a task.</summary>
public sealed record TaskResult
{
    /// <summary>The task's file.</summary>
    public required string Path { get; init; }

    /// <summary>The form of its records.</summary>
    public required TaskForm Form { get; init; }

    /// <summary>Number of questions.</summary>
    public required int Questions { get; init; }

    /// <summary>
    /// <c>acc</c>: the share of questions whose right choice is the likeliest, or whose target is what the model writes by itself.
    /// </summary>
    public required TaskMetric Accuracy { get; init; }

    /// <summary>
    /// <c>acc_norm</c>: the same with log-probabilities over the choices' lengths in characters; null where there are no choices, or they
    /// stand in the context.
    /// </summary>
    public TaskMetric? NormalizedAccuracy { get; init; }

    /// <summary><c>acc_bytes</c>: the same with log-probabilities over the choices' lengths in UTF-8 bytes.</summary>
    public TaskMetric? ByteNormalizedAccuracy { get; init; }

    /// <summary>e to the mean negative log-probability of the targets, each as a whole; null where there are choices.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Number of continuations whose context was longer than the model's and lost its beginning.</summary>
    public required int Cut { get; init; }
}
