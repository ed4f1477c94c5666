using LowRank.Training.Reporting.Charts;
using LowRank.Training.Runs;

namespace LowRank.Training.Experiments.Reports;

/// <summary>
/// Perplexity against FLOPs, time and parameters, with whiskers over seeds, and the validation loss of every run over its FLOPs.
/// </summary>
/// <param name="name">The experiment's name, for the titles.</param>
/// <param name="baseline">The contender that is drawn first.</param>
/// <param name="results">What the store holds; contenders without a finished run have no point.</param>
/// <param name="warn">Told in one sentence about each chart that could not be drawn.</param>
internal sealed class ExperimentCharts(string name, string baseline, IReadOnlyList<ContenderResult> results, Action<string> warn)
{
    private const int Width = 1_080;

    // The baseline first, as everywhere in the report.
    private readonly (string Name, StoredRun[] Runs)[] ordered =
    [
        .. from result in results.OrderBy(result => result.Contender.Name != baseline)
        let runs = result.Finished.Select(run => run.Run).Where(run => double.IsFinite(ExperimentRatios.Perplexity(run))).ToArray()
        where runs.Length > 0
        select (result.Contender.Name, runs),
    ];

    /// <summary>Writes each chart as PNG and SVG. What cannot be drawn or written is left out and said.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <returns>The names of the pictures written.</returns>
    public IReadOnlyList<string> Write(string folder)
    {
        var written = new List<string>();
        foreach (var chart in Charts())
        {
            if (
                ChartFiles.Attempt(
                    () =>
                        File.WriteAllBytes(
                            Path.Combine(folder, chart.File + ".png"),
                            ChartFiles.Png(chart.Draw(ChartTheme.Light, ChartPlace.File), Width, Height)
                        ),
                    chart.File + ".png",
                    warn
                )
            )
                written.Add(chart.File + ".png");
            ChartFiles.Attempt(
                () =>
                    File.WriteAllText(
                        Path.Combine(folder, chart.File + ".svg"),
                        ChartFiles.Svg(chart.Draw(ChartTheme.Light, ChartPlace.File), Width, Height)
                    ),
                chart.File + ".svg",
                warn
            );
        }

        return written;
    }

    /// <summary>The charts as pictures for a page.</summary>
    public IReadOnlyList<PagePicture> ForPage()
    {
        var pictures = new List<PagePicture>();
        foreach (var chart in Charts())
            ChartFiles.Attempt(
                () => pictures.Add(PagePicture.Draw(chart.Title, chart.Draw, Width, Height)),
                chart.File + " of the report",
                warn
            );
        return pictures;
    }

    // The legend has a line for every contender.
    private int Height => Math.Max(560, 90 + 24 * ordered.Length);

    private IEnumerable<Chart> Charts() =>
        [
            Points("perplexity-over-flops", "perplexity and training FLOPs", "training FLOPs (paper convention)", ExperimentRatios.Flops),
            Points(
                "perplexity-over-time",
                "perplexity and training time",
                "training time (seconds, every step at the median of its like)",
                ExperimentRatios.Seconds
            ),
            Points("perplexity-over-parameters", "perplexity and parameters", "parameters at the end", ExperimentRatios.Parameters),
            new(
                "loss-over-flops",
                $"{name}: validation loss of every run",
                (theme, place) =>
                    CurveChart.Draw(
                        $"{name}: validation loss of every run",
                        "training FLOPs (paper convention)",
                        "validation loss (nats per token)",
                        Curves(),
                        theme,
                        place
                    )
            ),
        ];

    private Chart Points(string file, string title, string right, Func<StoredRun, double> figure) =>
        new(
            file,
            $"{name}: {title}",
            (theme, place) =>
                WhiskerChart.Draw(
                    $"{name}: {title}",
                    right,
                    "perplexity of the validation text",
                    [
                        .. from contender in ordered
                        let x = Spread.Of([.. contender.Runs.Select(figure)])
                        let y = Spread.Of([.. contender.Runs.Select(ExperimentRatios.Perplexity)])
                        select new WhiskerPoint(contender.Name, x.Mean, x.Least, x.Most, y.Mean, y.Least, y.Most),
                    ],
                    theme,
                    place
                )
        );

    // Before the first step every model stands at ln(vocabulary), and for a while near it: showing that would press the rest flat.
    private IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Curves)> Curves() =>
        [
            .. ordered.Select(contender =>
                (
                    contender.Name,
                    (IReadOnlyList<IReadOnlyList<(double X, double Y)>>)[.. contender.Runs.Select(run => Curve(run.Result!.Curve()))]
                )
            ),
        ];

    private static (double X, double Y)[] Curve(IReadOnlyList<ValidationMetrics> evaluations)
    {
        var first = evaluations.Count > 2 ? 1 : 0;
        return
        [
            .. evaluations
                .Skip(first)
                .Where(point => double.IsFinite(point.Loss))
                .Select(point => ((double)point.TrainingFlops, point.Loss)),
        ];
    }

    private sealed record Chart(string File, string Title, Func<ChartTheme, ChartPlace, ScottPlot.Plot> Draw);
}
