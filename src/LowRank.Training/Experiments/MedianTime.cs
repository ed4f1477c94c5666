using System.Text.Json;

namespace LowRank.Training.Experiments;

/// <summary>
/// The training time of a run from the medians of its steps: each step is charged the median time of the steps that cost as many FLOPs,
/// so that guided steps aren't mixed with the others and what disturbed some steps doesn't count.
/// </summary>
internal static class MedianTime
{
    /// <summary>
    /// Seconds, from a run's metrics log. A line that can't be read is passed over: every line has the totals, so that the next step has
    /// the cost and time of both.
    /// </summary>
    public static double Of(string metricsLog)
    {
        var steps = new List<(decimal Flops, double Seconds)>();
        var (flops, seconds) = (0m, 0.0);
        foreach (var line in File.ReadLines(metricsLog))
        {
            if (Read(line) is not var (flopsNow, secondsNow))
                continue;
            steps.Add((flopsNow - flops, secondsNow - seconds));
            (flops, seconds) = (flopsNow, secondsNow);
        }

        return steps.GroupBy(step => step.Flops, step => step.Seconds).Sum(group => Median([.. group]) * group.Count());
    }

    // The totals after a step; null for other lines.
    private static (decimal Flops, double Seconds)? Read(string line)
    {
        try
        {
            using var entry = JsonDocument.Parse(line);
            var root = entry.RootElement;
            return root.GetProperty("kind").GetString() == "step"
                ? (root.GetProperty("trainingFlops").GetDecimal(), root.GetProperty("seconds").GetDouble())
                : null;
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
