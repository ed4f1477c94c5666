using ScottPlot;

namespace LowRank.Training.Reporting.Charts;

/// <summary>Draws several curves of each contender, one for a seed: a mean would hide when a run turns.</summary>
internal static class CurveChart
{
    /// <summary>Draws the chart.</summary>
    /// <param name="title">What stands above it.</param>
    /// <param name="right">What is measured to the right.</param>
    /// <param name="up">What is measured upwards.</param>
    /// <param name="contenders">Names and curves; the first is what the others are compared with.</param>
    /// <param name="theme">The colors.</param>
    /// <param name="place">Where it is shown.</param>
    public static Plot Draw(
        string title,
        string right,
        string up,
        IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Curves)> contenders,
        ChartTheme theme,
        ChartPlace place
    )
    {
        var plot = ChartFrame.Empty(title, right, up, theme, place);
        for (var index = 0; index < contenders.Count; index++)
        {
            var style = ContenderStyle.At(index, theme);
            foreach (var curve in contenders[index].Curves)
                Add(plot, curve, style);
            plot.Legend.ManualItems.Add(
                new LegendItem
                {
                    LabelText = contenders[index].Name,
                    LineColor = style.Color,
                    LineWidth = 1.8f,
                    MarkerShape = style.Shape,
                    MarkerFillColor = style.Color,
                    MarkerSize = 8,
                }
            );
        }

        (double X, double Y)[] all = [.. contenders.SelectMany(contender => contender.Curves).SelectMany(curve => curve)];
        if (all.Length > 0)
            ChartFrame.Limit(
                plot,
                all.Min(point => point.X),
                all.Max(point => point.X),
                all.Min(point => point.Y),
                all.Max(point => point.Y)
            );
        plot.ShowLegend(place == ChartPlace.NarrowPage ? Edge.Bottom : Edge.Right);
        plot.Legend.FontSize = 13;
        return plot;
    }

    private static void Add(Plot plot, IReadOnlyList<(double X, double Y)> curve, ContenderStyle style)
    {
        var line = plot.Add.Scatter(curve.Select(point => new Coordinates(point.X, point.Y)).ToArray(), style.Color);
        line.LineWidth = 1.8f;
        line.MarkerSize = 0;
        if (curve.Count > 0)
            plot.Add.Marker(curve[^1].X, curve[^1].Y, style.Shape, 9, style.Color);
    }
}
