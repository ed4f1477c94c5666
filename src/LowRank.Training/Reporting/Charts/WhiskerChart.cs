using ScottPlot;

namespace LowRank.Training.Reporting.Charts;

/// <summary>Draws points with whiskers from the least to the greatest, in both directions.</summary>
internal static class WhiskerChart
{
    /// <summary>Draws the chart.</summary>
    /// <param name="title">What stands above it.</param>
    /// <param name="right">What is measured to the right.</param>
    /// <param name="up">What is measured upwards.</param>
    /// <param name="points">The points; the first is what the others are compared with.</param>
    /// <param name="theme">The colors.</param>
    /// <param name="place">Where it is shown.</param>
    public static Plot Draw(string title, string right, string up, IReadOnlyList<WhiskerPoint> points, ChartTheme theme, ChartPlace place)
    {
        var plot = ChartFrame.Empty(title, right, up, theme, place);
        for (var index = 0; index < points.Count; index++)
            Add(plot, points[index], ContenderStyle.At(index, theme));
        if (points.Count > 0)
            ChartFrame.Limit(
                plot,
                points.Min(point => point.LeastX),
                points.Max(point => point.MostX),
                points.Min(point => point.LeastY),
                points.Max(point => point.MostY)
            );
        plot.ShowLegend(place == ChartPlace.NarrowPage ? Edge.Bottom : Edge.Right);
        plot.Legend.FontSize = 13;
        return plot;
    }

    private static void Add(Plot plot, WhiskerPoint point, ContenderStyle style)
    {
        foreach (
            var (fromX, fromY, toX, toY) in new[]
            {
                (point.LeastX, point.Y, point.MostX, point.Y),
                (point.X, point.LeastY, point.X, point.MostY),
            }
        )
        {
            var whisker = plot.Add.Line(fromX, fromY, toX, toY);
            whisker.LineColor = style.Color;
            whisker.LineWidth = 1.6f;
        }

        plot.Add.Marker(point.X, point.Y, style.Shape, 11, style.Color);
        plot.Legend.ManualItems.Add(
            new LegendItem
            {
                LabelText = point.Name,
                MarkerShape = style.Shape,
                MarkerFillColor = style.Color,
                MarkerSize = 10,
            }
        );
    }
}
