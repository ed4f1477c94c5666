using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Wording;
using Spectre.Console;

namespace LowRank.Training.Reporting.Comparing;

/// <summary>The table with which the paper ends: what each variant costs and reaches, beside the dense model.</summary>
internal static class ComparisonTable
{
    /// <summary>The rows, for any kind of output.</summary>
    /// <param name="runs">The runs; ratios are to the first dense one.</param>
    public static IReadOnlyList<ComparisonRow> Rows(IReadOnlyList<RunResult> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var dense = runs.FirstOrDefault(run => run.Variant == Variant.Dense);
        var rows = new List<ComparisonRow>();
        // What was reached comes first, then what it took.
        // The perplexity of a large loss has no double, and is known to be large all the same.
        Add("final validation perplexity", run => run.ValidationPerplexity, Quantity.Perplexity, isKnown: value => !double.IsNaN(value));
        Add("final validation loss (nats per token)", run => run.ValidationLoss, Quantity.Loss);
        if (runs.Any(run => run.ValidationBitsPerByte is not null))
            Add("final validation bits per byte", run => run.ValidationBitsPerByte ?? double.NaN, Quantity.Loss);
        // A stopped run has no final loss, and its curve ends at another step than the others'.
        if (runs.Any(run => run.Stopped))
            Add(
                "validation loss where the curve ends",
                run => run.Validation is [.., var last] ? last.Loss : double.NaN,
                Quantity.Loss,
                ratio: false
            );
        Add("training FLOPs (paper convention)", run => (double)run.TrainingFlops, value => Quantity.Flops((decimal)value));
        if (runs.Any(run => run.GuidedFlops > 0))
            rows.Add(
                new(
                    "of these with a guide",
                    [.. runs.Select(run => run.GuidedFlops > 0 ? Quantity.Flops(run.GuidedFlops) : "–")],
                    [.. runs.Select(_ => (double?)null)]
                )
            );
        Add("training time", run => run.WallSeconds, Quantity.Duration);
        Add("tokens", run => run.Tokens, value => Quantity.Count((decimal)value), ratio: false);
        Add("tokens per second", run => run.TokensPerSecond, value => Quantity.Count((decimal)Math.Min(value, 1e15)));
        Add("parameters in training", run => run.ParametersAtStart, value => Quantity.Count((decimal)value));
        Add("parameters at the end", run => run.Parameters, value => Quantity.Count((decimal)value));
        Add("peak memory", run => run.PeakMemoryBytes, value => Quantity.Bytes((decimal)value));
        if (runs.Any(run => run.PeakDeviceMemoryBytes is not null))
            Add("peak GPU memory", run => run.PeakDeviceMemoryBytes ?? double.NaN, value => Quantity.Bytes((decimal)value));
        return rows;

        void Add(
            string measure,
            Func<RunResult, double> value,
            Func<double, string> write,
            bool ratio = true,
            Func<double, bool>? isKnown = null
        ) =>
            rows.Add(
                new(
                    measure,
                    [.. runs.Select(run => (isKnown ?? double.IsFinite)(value(run)) ? write(value(run)) : "–")],
                    [.. runs.Select(run => ratio ? Ratio(value, run) : null)]
                )
            );

        double? Ratio(Func<RunResult, double> value, RunResult run)
        {
            if (dense is null || ReferenceEquals(run, dense))
                return null;
            var ratio = value(run) / value(dense);
            return double.IsFinite(ratio) ? ratio : null;
        }
    }

    /// <summary>The table for a terminal or a log.</summary>
    /// <param name="runs">The runs.</param>
    public static Table ForConsole(IReadOnlyList<RunResult> runs)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn(""));
        foreach (var run in runs)
            table.AddColumn(new TableColumn(new Text(Heading(run))).RightAligned());
        foreach (var row in Rows(runs))
            table.AddRow([new Text(row.Measure), .. row.Values.Select((value, index) => new Text(Cell(value, row.Ratios[index])))]);
        return table;
    }

    /// <summary>What stands above a run's column.</summary>
    internal static string Heading(RunResult run) => run.Variant.Title() + (run.Stopped ? $" (stopped at step {run.Steps})" : "");

    private static string Cell(string value, double? ratio) => ratio is { } number ? $"{value}  ({Quantity.Ratio(number)})" : value;
}
