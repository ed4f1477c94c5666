using LowRank.Training.Loop;
using ScottPlot;

namespace LowRank.Training.Reporting.Charts;

/// <summary>The charts of a comparison as files: <c>loss-over-flops</c> and <c>loss-over-time</c>, each as PNG and SVG.</summary>
internal static class ChartFiles
{
    /// <summary>What the names of all files match.</summary>
    internal const string Pattern = "loss-over-*";

    /// <summary>Draws the charts. What cannot be drawn or written is left out and said: a chart never fails a run.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <param name="model">The model's name, for the titles.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="warn">Told in one sentence about each chart that could not be drawn.</param>
    /// <returns>The files written.</returns>
    public static IReadOnlyList<string> Write(string folder, string model, IReadOnlyList<RunResult> runs, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        var files = new List<string>();
        foreach (var (name, title, axis) in Charts(model, runs))
        {
            Try(
                name + ".png",
                path =>
                    File.WriteAllBytes(
                        path,
                        Png(LossChart.Draw(title, runs, axis, ChartTheme.Light, ChartPlace.File), LossChart.Width, LossChart.Height)
                    )
            );
            Try(
                name + ".svg",
                path =>
                    File.WriteAllText(
                        path,
                        Svg(LossChart.Draw(title, runs, axis, ChartTheme.Light, ChartPlace.File), LossChart.Width, LossChart.Height)
                    )
            );
        }

        return files;

        void Try(string name, Action<string> write)
        {
            var path = Path.Combine(folder, name);
            if (Attempt(() => write(path), name, warn))
                files.Add(path);
        }
    }

    /// <summary>The charts as pictures for a page.</summary>
    internal static IReadOnlyList<PagePicture> ForPage(string model, IReadOnlyList<RunResult> runs, Action<string> warn)
    {
        var pictures = new List<PagePicture>();
        foreach (var (name, title, axis) in Charts(model, runs))
        {
            Attempt(
                () =>
                    pictures.Add(
                        PagePicture.Draw(
                            title,
                            (theme, place) => LossChart.Draw(title, runs, axis, theme, place),
                            LossChart.Width,
                            LossChart.Height
                        )
                    ),
                name + " of the report",
                warn
            );
        }

        return pictures;
    }

    private static (string Name, string Title, ChartAxis Axis)[] Charts(string model, IReadOnlyList<RunResult> runs) =>
        [
            ("loss-over-flops", $"{model}: validation loss over training FLOPs", ChartAxis.Flops(runs)),
            ("loss-over-time", $"{model}: validation loss over training time", ChartAxis.Time(runs)),
        ];

    /// <summary>A picture of so many pixels, at twice the density.</summary>
    internal static byte[] Png(Plot plot, int width, int height)
    {
        // Twice the size: sharp on screens of any density.
        plot.ScaleFactor = 2;
        using (plot)
            return plot.GetImageBytes(2 * width, 2 * height, ImageFormat.Png);
    }

    /// <summary>A document of so many pixels.</summary>
    internal static string Svg(Plot plot, int width, int height)
    {
        using (plot)
            return SvgText.WithGenericFonts(plot.GetSvgXml(width, height));
    }

    /// <summary>
    /// Draws or says why not: anything can go wrong in a native drawing library that is missing or old, its loading included.
    /// </summary>
    internal static bool Attempt(Action draw, string name, Action<string> warn)
    {
        try
        {
            draw();
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            warn($"The chart {name} could not be drawn: {(exception.InnerException ?? exception).Message}");
            return false;
        }
    }
}
