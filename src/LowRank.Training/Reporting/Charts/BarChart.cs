using ScottPlot;
using ScottPlot.TickGenerators;

namespace LowRank.Training.Reporting.Charts;

/// <summary>Draws counts as bars beside each other, one group for each label.</summary>
internal static class BarChart
{
    /// <summary>Width on wide screens, in pixels.</summary>
    public const int Width = 900;

    /// <summary>Height on wide screens, in pixels.</summary>
    public const int Height = 380;

    // The share of a group's place that its bars take.
    private const double Filled = .8;

    /// <summary>Draws the chart.</summary>
    /// <param name="title">What stands above it.</param>
    /// <param name="right">What the labels are.</param>
    /// <param name="up">What is counted.</param>
    /// <param name="labels">The groups' labels.</param>
    /// <param name="series">The bars of one color: their name, and one for each label.</param>
    /// <param name="theme">The colors.</param>
    /// <param name="place">Where it is shown.</param>
    public static Plot Draw(
        string title,
        string right,
        string up,
        IReadOnlyList<string> labels,
        IReadOnlyList<(string Name, IReadOnlyList<double> Values)> series,
        ChartTheme theme,
        ChartPlace place
    )
    {
        var plot = ChartFrame.Empty(title, right, up, theme, place);
        string[] colors = [theme.Dense, theme.Guided, theme.LowRank];
        var width = Filled / series.Count;
        for (var index = 0; index < series.Count; index++)
        {
            var color = Color.FromHex(colors[index % colors.Length]);
            var left = (-Filled / 2) + (index * width) + (width / 2);
            var bars = plot.Add.Bars(
                [.. Enumerable.Range(0, labels.Count).Select(group => group + left)],
                [.. labels.Select((_, group) => group < series[index].Values.Count ? series[index].Values[group] : 0)]
            );
            foreach (var bar in bars.Bars)
                (bar.Size, bar.FillColor, bar.LineColor, bar.LineWidth) = (width, color, color, 0);
            if (series.Count > 1)
                plot.Legend.ManualItems.Add(new LegendItem { LabelText = series[index].Name, FillColor = color });
        }

        // So many labels as can be read.
        var step = Math.Max(1, labels.Count / (place == ChartPlace.NarrowPage ? 6 : 14));
        plot.Axes.Bottom.TickGenerator = new NumericManual([
            .. labels.Select((label, group) => new Tick(group, label)).Where((_, group) => group % step == 0),
        ]);
        plot.Axes.SetLimitsX(-.6, labels.Count - .4);
        plot.Axes.SetLimitsY(0, Math.Max(1, series.SelectMany(one => one.Values).DefaultIfEmpty(0).Max()) * 1.06);
        if (series.Count > 1)
            plot.ShowLegend(place == ChartPlace.NarrowPage ? Edge.Bottom : Edge.Right);
        plot.Legend.FontSize = 13;
        return plot;
    }
}
