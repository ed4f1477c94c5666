using LowRank.Training.Reporting.Charts;
using ScottPlot;

namespace LowRank.Training.CommandLine.Exploring;

/// <summary>Draws the points of an exploration: FLOPs to the right, parameters or perplexity upwards.</summary>
internal static class DesignChart
{
    /// <summary>Width on wide screens, in pixels.</summary>
    public const int Width = 900;

    /// <summary>Height on wide screens, in pixels.</summary>
    public const int Height = 430;

    /// <summary>Parameters over FLOPs.</summary>
    public static Plot Parameters(Exploration exploration, ChartTheme theme, ChartPlace place) =>
        Draw(
            exploration,
            "parameters",
            [.. exploration.Points.Where(point => point.Entry is not null)],
            point => point.Parameters,
            point => point.IsOnFront,
            theme,
            place
        );

    /// <summary>Measured perplexity over FLOPs.</summary>
    public static Plot Perplexity(Exploration exploration, ChartTheme theme, ChartPlace place) =>
        Draw(
            exploration,
            "validation perplexity",
            [.. exploration.Points.Where(point => point.Measured is not null)],
            point => point.Measured!.Mean,
            point => point.IsOnMeasuredFront,
            theme,
            place
        );

    private static Plot Draw(
        Exploration exploration,
        string up,
        IReadOnlyList<DesignPoint> points,
        Func<DesignPoint, double> height,
        Func<DesignPoint, bool> isOnFront,
        ChartTheme theme,
        ChartPlace place
    )
    {
        var right = exploration.Entry.Cost.Run is null ? "forward FLOPs per token" : "training FLOPs";
        var plot = ChartFrame.Empty(exploration.Entry.Name, right, up, theme, place);
        (string Name, Func<DesignPoint, bool> Is, string Color, MarkerShape Shape)[] kinds =
        [
            ("over the budget", point => !point.Fits, theme.LowRank, MarkerShape.OpenCircle),
            ("within the budget", point => point.Fits && !isOnFront(point), theme.Dense, MarkerShape.OpenCircle),
            ("Pareto", isOnFront, theme.Guided, MarkerShape.FilledCircle),
        ];
        foreach (var (name, isOfKind, color, shape) in kinds)
        {
            var chosen = points.Where(isOfKind).ToList();
            if (chosen.Count == 0)
                continue;
            var hex = Color.FromHex(color);
            foreach (var point in chosen)
            {
                var marker = plot.Add.Marker((double)point.Flops, height(point), shape, 9, hex);
                marker.MarkerStyle.LineColor = hex;
                marker.MarkerStyle.LineWidth = 1.5f;
            }

            plot.Legend.ManualItems.Add(
                new LegendItem
                {
                    LabelText = exploration.Entry.Cost.Budget.Count == 0 && name == "within the budget" ? "others" : name,
                    MarkerShape = shape,
                    MarkerFillColor = hex,
                    MarkerLineColor = hex,
                    MarkerSize = 9,
                }
            );
        }

        if (points.Count > 0)
            ChartFrame.Limit(
                plot,
                points.Min(point => (double)point.Flops),
                points.Max(point => (double)point.Flops),
                points.Min(height),
                points.Max(height)
            );
        plot.ShowLegend(place == ChartPlace.NarrowPage ? Edge.Bottom : Edge.Right);
        plot.Legend.FontSize = 13;
        return plot;
    }
}
