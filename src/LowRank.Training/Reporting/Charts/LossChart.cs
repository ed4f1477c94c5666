using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Wording;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace LowRank.Training.Reporting.Charts;

/// <summary>Draws the validation loss of several runs over FLOPs or time, with the guide's share α on an axis of its own.</summary>
internal static class LossChart
{
    /// <summary>Width of the picture, in pixels.</summary>
    public const int Width = 960;

    /// <summary>Height of the picture, in pixels.</summary>
    public const int Height = 560;

    /// <summary>Draws the chart.</summary>
    /// <param name="title">What stands above it.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="axis">What is measured to the right.</param>
    /// <param name="theme">The colors.</param>
    /// <param name="place">Where it is shown.</param>
    public static Plot Draw(string title, IReadOnlyList<RunResult> runs, ChartAxis axis, ChartTheme theme, ChartPlace place)
    {
        var plot = ChartFrame.Empty(title, axis.Label, "validation loss (nats per token)", theme, place);
        foreach (var run in runs)
            AddLoss(plot, run, axis, theme);
        foreach (var run in runs.Where(run => run.Validation.Any(point => point.Alpha > 0)))
            AddShare(plot, run, axis, theme);

        AddFinal(plot, runs, axis, theme);
        LimitLosses(plot, runs, axis);
        plot.Axes.Bottom.TickGenerator = BottomTicks(plot, axis);
        if (place == ChartPlace.NarrowPage)
            plot.ShowLegend(Edge.Bottom);
        else
            (plot.Legend.IsVisible, plot.Legend.Alignment) = (true, Alignment.UpperRight);
        plot.Legend.FontSize = 14;
        plot.Legend.BackgroundColor = Color.FromHex(theme.Background).WithAlpha(.9);
        return plot;
    }

    // Color and marker each tell the curves apart. Dashes would too, but Skia's SVG writer has none and complains on standard output.
    private static void AddLoss(Plot plot, RunResult run, ChartAxis axis, ChartTheme theme)
    {
        var points = Points(run, axis, point => point.Loss);
        var color = theme.Curve(run.Variant);
        var curve = plot.Add.Scatter(points, color);
        curve.LineWidth = 2.4f;
        curve.MarkerSize = 0;
        var every = Math.Max(1, points.Length / 20);
        var markers = plot.Add.Scatter(points.Where((_, index) => (points.Length - 1 - index) % every == 0).ToArray(), color);
        markers.LineWidth = 0;
        markers.MarkerSize = 9;
        markers.MarkerShape = run.Variant switch
        {
            Variant.Dense => MarkerShape.FilledCircle,
            Variant.FlopMatched => MarkerShape.FilledDiamond,
            Variant.LowRank => MarkerShape.FilledSquare,
            _ => MarkerShape.FilledTriangleUp,
        };
        plot.Legend.ManualItems.Add(
            new LegendItem
            {
                LabelText = run.Variant.Title(),
                LineColor = color,
                LineWidth = 2.4f,
                MarkerShape = markers.MarkerShape,
                MarkerFillColor = color,
                MarkerSize = 9,
            }
        );
    }

    private static void AddShare(Plot plot, RunResult run, ChartAxis axis, ChartTheme theme)
    {
        var color = theme.Curve(run.Variant).WithAlpha(.55);
        var curve = plot.Add.Scatter(Points(run, axis, point => point.Alpha), color);
        curve.LineWidth = 1.3f;
        curve.MarkerSize = 0;
        curve.Axes.YAxis = plot.Axes.Right;
        plot.Legend.ManualItems.Add(
            new LegendItem
            {
                LabelText = "α of the guide (right axis)",
                LineColor = color,
                LineWidth = 1.3f,
            }
        );
        plot.Axes.Right.Label.Text = "α: share of the guide";
        plot.Axes.Right.Label.FontSize = 14;
        // Ends above 1, so that α = 1 is not drawn onto the frame.
        plot.Axes.Right.Min = -0.02;
        plot.Axes.Right.Max = 1.05;
        plot.Axes.Right.TickGenerator = new NumericManual([0, .25, .5, .75, 1], ["0", "0.25", "0.5", "0.75", "1"]);
    }

    // Rings: over more of the text than the curves, so that they needn't lie on their ends.
    private static void AddFinal(Plot plot, IReadOnlyList<RunResult> runs, ChartAxis axis, ChartTheme theme)
    {
        foreach (var run in runs)
        {
            if (Final(run, axis) is not { } place)
                continue;
            var ring = plot.Add.Marker(place, MarkerShape.OpenCircle, 16, theme.Curve(run.Variant));
            ring.MarkerStyle.LineWidth = 2.4f;
            plot.Legend.ManualItems.Add(
                new LegendItem
                {
                    LabelText = $"final loss, {run.Variant.Title()}: {Quantity.Loss(run.ValidationLoss)}",
                    MarkerShape = MarkerShape.OpenCircle,
                    MarkerLineColor = theme.Curve(run.Variant),
                    MarkerLineWidth = 2.4f,
                    MarkerSize = 12,
                }
            );
        }
    }

    private static Coordinates? Final(RunResult run, ChartAxis axis) =>
        double.IsFinite(run.ValidationLoss) && run.Validation is [.., var last] && axis.Position(last) is { } position
            ? new Coordinates(position, run.ValidationLoss)
            : null;

    private static Coordinates[] Points(RunResult run, ChartAxis axis, Func<ValidationMetrics, double> height) =>
        [
            .. run
                .Validation.Select(point => (X: axis.Position(point), Y: height(point)))
                .Where(point => point.X is not null && double.IsFinite(point.Y))
                .Select(point => new Coordinates(point.X!.Value, point.Y)),
        ];

    private static void LimitLosses(Plot plot, IReadOnlyList<RunResult> runs, ChartAxis axis)
    {
        Coordinates[] points = [.. runs.SelectMany(run => Points(run, axis, point => point.Loss))];
        if (points.Length == 0)
            return;
        double[] ends = [.. runs.Select(run => Final(run, axis)?.Y).OfType<double>()];
        var (left, right) = (points.Min(point => point.X), points.Max(point => point.X));
        var (low, high) = (points.Select(point => point.Y).Concat(ends).Min(), ends.Append(HighestLearned(runs)).Max());
        var (marginX, marginY) = (Math.Max((right - left) * .03, 1e-9), Math.Max((high - low) * .06, 1e-3));
        plot.Axes.SetLimitsX(left - marginX, right + marginX);
        plot.Axes.SetLimitsY(low - marginY, high + marginY);
    }

    // Before the first step every model stands at ln(vocabulary): showing that would press the rest of the curves flat.
    private static double HighestLearned(IReadOnlyList<RunResult> runs)
    {
        double[] learned =
        [
            .. runs.SelectMany(run => run.Validation).Where(point => point.Step > 0).Select(point => point.Loss).Where(double.IsFinite),
        ];
        double[] all = [.. runs.SelectMany(run => run.Validation).Select(point => point.Loss).Where(double.IsFinite)];
        return learned.Length > 3 * runs.Count ? learned.Max() : all.Max();
    }

    private static ITickGenerator BottomTicks(Plot plot, ChartAxis axis)
    {
        if (!axis.Logarithmic)
            return new NumericAutomatic { LabelFormatter = ChartAxis.LinearLabel };
        var range = plot.Axes.Bottom.Range;
        var ticks = ChartAxis.LogarithmicTicks(range.Min, range.Max).ToArray();
        return new NumericManual([.. ticks.Select(tick => tick.Position)], [.. ticks.Select(tick => tick.Label)]);
    }
}
