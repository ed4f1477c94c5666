using System.Globalization;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.Training.Reporting.Charts;

/// <summary>A horizontal axis of a loss chart: what is measured, where a point lies, and where the labeled ticks are.</summary>
internal sealed class ChartAxis
{
    private readonly Func<ValidationMetrics, double> value;
    private readonly double unit;

    private ChartAxis(string label, Func<ValidationMetrics, double> value, double unit, bool logarithmic)
    {
        (Label, this.value, this.unit, Logarithmic) = (label, value, unit, logarithmic);
    }

    /// <summary>What is measured, with its unit.</summary>
    public string Label { get; }

    /// <summary>Whether positions are powers of ten.</summary>
    public bool Logarithmic { get; }

    /// <summary>Training FLOPs: on a logarithmic scale once the evaluations span more than a factor of thirty.</summary>
    public static ChartAxis Flops(IReadOnlyList<RunResult> runs)
    {
        double[] values =
        [
            .. runs.SelectMany(run => run.Validation).Select(point => (double)point.TrainingFlops).Where(flops => flops > 0),
        ];
        var logarithmic = values.Length > 0 && values.Max() > 30 * values.Min();
        return new ChartAxis("training FLOPs (paper convention)", point => (double)point.TrainingFlops, 1, logarithmic);
    }

    /// <summary>Training time, in the largest unit of which the longest run has at least two.</summary>
    public static ChartAxis Time(IReadOnlyList<RunResult> runs)
    {
        var longest = runs.SelectMany(run => run.Validation).Select(point => point.Seconds).DefaultIfEmpty(0).Max();
        var (name, unit) = longest switch
        {
            >= 7200 => ("hours", 3600.0),
            >= 120 => ("minutes", 60.0),
            _ => ("seconds", 1.0),
        };
        return new ChartAxis($"training time ({name})", point => point.Seconds, unit, logarithmic: false);
    }

    /// <summary>Where a point lies, or null where a logarithmic axis has no place for it.</summary>
    public double? Position(ValidationMetrics point)
    {
        var at = value(point) / unit;
        if (!Logarithmic)
            return at;
        return at > 0 ? Math.Log10(at) : null;
    }

    /// <summary>The labeled ticks of a logarithmic axis: 1, 2 and 5 times the powers of ten.</summary>
    public static IEnumerable<(double Position, string Label)> LogarithmicTicks(double from, double to)
    {
        var steps = to - from > 3.5 ? new[] { 1 } : [1, 2, 5];
        for (var power = (int)Math.Floor(from); power <= Math.Ceiling(to); power++)
        {
            foreach (var step in steps)
            {
                var position = power + Math.Log10(step);
                if (position >= from && position <= to)
                    yield return (position, string.Create(CultureInfo.InvariantCulture, $"{step}e{power}"));
            }
        }
    }

    /// <summary>The label of a tick of a linear axis.</summary>
    public static string LinearLabel(double position) =>
        Math.Abs(position) >= 1e5
            ? position.ToString("0.##e0", CultureInfo.InvariantCulture)
            : position.ToString("0.######", CultureInfo.InvariantCulture);
}
