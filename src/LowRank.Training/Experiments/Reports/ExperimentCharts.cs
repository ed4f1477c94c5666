using LowRank.Training.Reporting.Charts;

namespace LowRank.Training.Experiments.Reports;

/// <summary>Perplexity against FLOPs, time and parameters, with whiskers over seeds.</summary>
/// <param name="name">The experiment's name, for the titles.</param>
/// <param name="baseline">The contender that is drawn first.</param>
/// <param name="results">What the store holds; contenders without a finished run have no point.</param>
/// <param name="warn">Told in one sentence about each chart that could not be drawn.</param>
internal sealed class ExperimentCharts(string name, string baseline, IReadOnlyList<ContenderResult> results, Action<string> warn)
{
    /// <summary>Writes each chart as PNG and SVG. What cannot be drawn or written is left out and said.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <returns>The names of the pictures written.</returns>
    public IReadOnlyList<string> Write(string folder)
    {
        var written = new List<string>();
        foreach (var chart in Charts())
        {
            if (ChartFiles.Attempt(() => File.WriteAllBytes(Path.Combine(folder, chart.File + ".png"), ChartFiles.Png(Draw(chart, ChartTheme.Light), WhiskerChart.Width, Height(chart))), chart.File + ".png", warn))
                written.Add(chart.File + ".png");
            ChartFiles.Attempt(() => File.WriteAllText(Path.Combine(folder, chart.File + ".svg"), Svg(chart, ChartTheme.Light)), chart.File + ".svg", warn);
        }

        return written;
    }

    /// <summary>The charts as pictures for a page: each as an SVG document for light pages and one for dark pages.</summary>
    public IReadOnlyList<(string Title, string Light, string Dark)> ForPage()
    {
        var pictures = new List<(string, string, string)>();
        foreach (var chart in Charts())
            ChartFiles.Attempt(() => pictures.Add((chart.Title, Svg(chart, ChartTheme.Light), Svg(chart, ChartTheme.Dark))), chart.File + " of the report", warn);
        return pictures;
    }

    private IEnumerable<Chart> Charts() =>
    [
        new("perplexity-over-flops", $"{name}: perplexity and training FLOPs", "training FLOPs (paper convention)", Points(ExperimentRatios.Flops)),
        new("perplexity-over-time", $"{name}: perplexity and training time", "training time (seconds, every step at the median of its like)", Points(ExperimentRatios.Seconds)),
        new("perplexity-over-parameters", $"{name}: perplexity and parameters", "parameters at the end", Points(ExperimentRatios.Parameters)),
    ];

    private WhiskerPoint[] Points(Func<StoredRun, double> figure) =>
    [
        .. from result in results.OrderBy(result => result.Contender.Name != baseline)
           let runs = result.Finished.Select(run => run.Run).Where(run => double.IsFinite(ExperimentRatios.Perplexity(run))).ToArray()
           where runs.Length > 0
           let x = Spread.Of([.. runs.Select(figure)])
           let y = Spread.Of([.. runs.Select(ExperimentRatios.Perplexity)])
           select new WhiskerPoint(result.Contender.Name, x.Mean, x.Least, x.Most, y.Mean, y.Least, y.Most),
    ];

    private static ScottPlot.Plot Draw(Chart chart, ChartTheme theme) => WhiskerChart.Draw(chart.Title, chart.Right, "perplexity of the validation text", chart.Points, theme);

    private static string Svg(Chart chart, ChartTheme theme) => ChartFiles.Svg(Draw(chart, theme), WhiskerChart.Width, Height(chart));

    private static int Height(Chart chart) => WhiskerChart.Height(chart.Points.Count);

    private sealed record Chart(string File, string Title, string Right, IReadOnlyList<WhiskerPoint> Points);
}
