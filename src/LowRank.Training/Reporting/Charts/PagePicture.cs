using ScottPlot;

namespace LowRank.Training.Reporting.Charts;

/// <summary>A chart of a page as SVG documents: for light and dark pages, on wide and on narrow screens.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Light">For a light page.</param>
/// <param name="Dark">For a dark page.</param>
/// <param name="NarrowLight">For a light page on a narrow screen.</param>
/// <param name="NarrowDark">For a dark page on a narrow screen.</param>
internal sealed record PagePicture(string Title, string Light, string Dark, string NarrowLight, string NarrowDark)
{
    private const int NarrowWidth = 480;

    // The axes, and a line for every entry of the legend below.
    private const int NarrowHeight = 330;
    private const int LegendLine = 23;

    /// <summary>Draws all four.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="draw">Draws one.</param>
    /// <param name="width">Width on wide screens, in pixels.</param>
    /// <param name="height">Height on wide screens, in pixels.</param>
    public static PagePicture Draw(string title, Func<ChartTheme, ChartPlace, Plot> draw, int width, int height)
    {
        return new(title, Wide(ChartTheme.Light), Wide(ChartTheme.Dark), Narrow(ChartTheme.Light), Narrow(ChartTheme.Dark));

        string Wide(ChartTheme theme) => ChartFiles.Svg(draw(theme, ChartPlace.Page), width, height);

        string Narrow(ChartTheme theme)
        {
            var plot = draw(theme, ChartPlace.NarrowPage);
            return ChartFiles.Svg(plot, NarrowWidth, NarrowHeight + LegendLine * plot.Legend.ManualItems.Count);
        }
    }
}
