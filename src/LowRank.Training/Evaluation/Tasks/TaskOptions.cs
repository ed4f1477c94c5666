namespace LowRank.Training.Evaluation.Tasks;

/// <summary>How a task is evaluated.</summary>
public sealed record TaskOptions
{
    /// <summary>The form of the file's records; null for that of the first one's keys.</summary>
    public TaskForm? Form { get; init; }

    /// <summary>Only so many questions from the beginning; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>So many answered questions stand before each one.</summary>
    public int Shots { get; init; }

    /// <summary>The file whose first questions these are, of the same form as the task; null where there are none.</summary>
    public string? ShotsPath { get; init; }

    /// <summary>Most tokens that are read at once; null for the model's context.</summary>
    public int? Context { get; init; }
}
