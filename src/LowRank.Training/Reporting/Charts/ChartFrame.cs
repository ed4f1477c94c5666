using ScottPlot;
using ScottPlot.TickGenerators;

namespace LowRank.Training.Reporting.Charts;

/// <summary>What all charts share: colors, type sizes, labels of linear axes, and how far the axes reach.</summary>
internal static class ChartFrame
{
    /// <summary>An empty chart.</summary>
    /// <param name="title">What stands above it.</param>
    /// <param name="right">What is measured to the right.</param>
    /// <param name="up">What is measured upwards.</param>
    /// <param name="theme">The colors.</param>
    /// <param name="place">Where it is shown.</param>
    public static Plot Empty(string title, string right, string up, ChartTheme theme, ChartPlace place)
    {
        ChartFont.Install();
        var plot = new Plot();
        var text = Color.FromHex(theme.Text);
        plot.FigureBackground.Color = plot.DataBackground.Color = Color.FromHex(theme.Background);
        plot.Axes.Color(text);
        plot.Grid.MajorLineColor = Color.FromHex(theme.Grid);
        plot.Axes.Title.Label.ForeColor = text;
        if (place == ChartPlace.File)
            plot.Title(title, size: 17);
        plot.XLabel(right, size: 14);
        plot.YLabel(up, size: 14);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { LabelFormatter = ChartAxis.LinearLabel };
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = ChartAxis.LinearLabel };
        plot.Legend.BackgroundColor = Color.FromHex(theme.Background);
        plot.Legend.FontColor = text;
        plot.Legend.OutlineColor = Color.FromHex(theme.Grid);
        plot.Legend.ShadowColor = Colors.Transparent;
        return plot;
    }

    /// <summary>Lets the axes reach a little beyond the outermost values; values that coincide still get an axis around them.</summary>
    public static void Limit(Plot plot, double left, double right, double low, double high)
    {
        var (marginX, marginY) = (Margin(left, right), Margin(low, high));
        plot.Axes.SetLimitsX(left - marginX, right + marginX);
        plot.Axes.SetLimitsY(low - marginY, high + marginY);
    }

    private static double Margin(double from, double to) => to > from ? (to - from) * .06 : Math.Max(Math.Abs(to) * .05, 1e-9);
}
