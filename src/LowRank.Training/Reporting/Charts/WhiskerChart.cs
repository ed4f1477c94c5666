using ScottPlot;
using ScottPlot.TickGenerators;

namespace LowRank.Training.Reporting.Charts;

/// <summary>Draws points with whiskers from the least to the greatest, in both directions.</summary>
internal static class WhiskerChart
{
    /// <summary>Width of the picture, in pixels.</summary>
    public const int Width = 1_080;

    // Okabe and Ito's hues without yellow and black, which one of the pages would swallow.
    private static readonly string[] Hues = ["#D55E00", "#0072B2", "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#8C8C8C"];

    private static readonly MarkerShape[] Shapes =
        [MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown, MarkerShape.FilledCircle];

    /// <summary>Height of the picture, in pixels: the legend has a line for every point.</summary>
    public static int Height(int points) => Math.Max(560, 90 + 24 * points);

    /// <summary>Draws the chart.</summary>
    /// <param name="title">What stands above it.</param>
    /// <param name="right">What is measured to the right.</param>
    /// <param name="up">What is measured upwards.</param>
    /// <param name="points">The points; the first is what the others are compared with.</param>
    /// <param name="theme">The colours.</param>
    public static Plot Draw(string title, string right, string up, IReadOnlyList<WhiskerPoint> points, ChartTheme theme)
    {
        ChartFont.Install();
        var plot = new Plot();
        var text = Color.FromHex(theme.Text);
        plot.FigureBackground.Color = plot.DataBackground.Color = Color.FromHex(theme.Background);
        plot.Axes.Color(text);
        plot.Grid.MajorLineColor = Color.FromHex(theme.Grid);
        plot.Axes.Title.Label.ForeColor = text;
        plot.Title(title, size: 17);
        plot.XLabel(right, size: 14);
        plot.YLabel(up, size: 14);
        for (var index = 0; index < points.Count; index++)
            Add(plot, points[index], index, theme);
        if (points.Count > 0)
            Limit(plot, points);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { LabelFormatter = ChartAxis.LinearLabel };
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = ChartAxis.LinearLabel };
        plot.ShowLegend(Edge.Right);
        plot.Legend.FontSize = 13;
        plot.Legend.BackgroundColor = Color.FromHex(theme.Background);
        plot.Legend.FontColor = text;
        plot.Legend.OutlineColor = Color.FromHex(theme.Grid);
        plot.Legend.ShadowColor = Colors.Transparent;
        return plot;
    }

    private static void Add(Plot plot, WhiskerPoint point, int index, ChartTheme theme)
    {
        var color = Color.FromHex(index == 0 ? theme.Dense : Hues[(index - 1) % Hues.Length]);
        var shape = index == 0 ? MarkerShape.FilledCircle : Shapes[(index - 1) / Hues.Length % Shapes.Length];
        foreach (var (fromX, fromY, toX, toY) in new[]
        {
            (point.LeastX, point.Y, point.MostX, point.Y),
            (point.X, point.LeastY, point.X, point.MostY),
        })
        {
            var whisker = plot.Add.Line(fromX, fromY, toX, toY);
            whisker.LineColor = color;
            whisker.LineWidth = 1.6f;
        }

        var marker = plot.Add.Marker(point.X, point.Y, shape, 11, color);
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = point.Name, MarkerShape = marker.MarkerShape, MarkerFillColor = color, MarkerSize = 10 });
    }

    private static void Limit(Plot plot, IReadOnlyList<WhiskerPoint> points)
    {
        var (left, right) = (points.Min(point => point.LeastX), points.Max(point => point.MostX));
        var (low, high) = (points.Min(point => point.LeastY), points.Max(point => point.MostY));
        // Points that coincide still need an axis around them.
        var (marginX, marginY) = (Margin(left, right), Margin(low, high));
        plot.Axes.SetLimitsX(left - marginX, right + marginX);
        plot.Axes.SetLimitsY(low - marginY, high + marginY);
    }

    private static double Margin(double from, double to) => to > from ? (to - from) * .06 : Math.Max(Math.Abs(to) * .05, 1e-9);
}
