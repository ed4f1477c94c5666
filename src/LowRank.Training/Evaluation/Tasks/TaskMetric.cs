namespace LowRank.Training.Evaluation.Tasks;

/// <summary>A mean over the questions of a task.</summary>
/// <param name="Value">The mean.</param>
/// <param name="StandardError">The sample standard deviation over the root of the number of questions; null for a single one.</param>
public sealed record TaskMetric(double Value, double? StandardError)
{
    /// <summary>The mean of some values.</summary>
    internal static TaskMetric Of(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        if (values.Count < 2)
            return new TaskMetric(mean, null);
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new TaskMetric(mean, Math.Sqrt(squares / (values.Count - 1) / values.Count));
    }
}
