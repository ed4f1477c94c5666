using LowRank.Training.Reporting.Charts;
using LowRank.Training.Reporting.Pages;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Exploring;

/// <summary>An exploration as one self-contained HTML page.</summary>
internal static class ExplorationPage
{
    /// <summary>What its title ends in.</summary>
    public const string Title = ": designs compared";

    /// <summary>Writes the page.</summary>
    /// <param name="exploration">What was worked out.</param>
    /// <param name="command">The command that made it.</param>
    /// <param name="warn">Told in one sentence about each chart that could not be drawn.</param>
    public static string Write(Exploration exploration, string command, Action<string> warn)
    {
        var (entry, points) = (exploration.Entry, exploration.Points);
        var page = new HtmlPage(entry.Name + Title);
        if (entry.Summary.Length > 0)
            page.Paragraph(entry.Summary);
        var refused = points.Count(point => point.Entry is null);
        page.Paragraph(
            $"{Quantity.Count(points.Count - 1)} variations of {string.Join(", ", exploration.Space.Axes.Select(axis => axis.Place.Key))}; "
                + $"the compiler would refuse {(refused == 0 ? "none" : Quantity.Count(refused))}"
                + (
                    entry.Cost.Budget.Count > 0
                        ? $"; of these and the declared model {Quantity.Count(points.Count(point => point.Fits))} fit the budget."
                        : "."
                )
        );
        page.Code(command);
        Chart("Parameters over FLOPs", DesignChart.Parameters);
        if (points.Any(point => point.Measured is not null))
            Chart("Measured perplexity over FLOPs", DesignChart.Perplexity);
        page.Heading("Pareto points");
        Table("Each has the most parameters, or the lowest measured perplexity, for its FLOPs.", exploration.Front);
        page.Heading("All");
        Table(ExplorationTable.Caption + ".", exploration);
        return page.ToString();

        void Chart(string title, Func<Exploration, ChartTheme, ChartPlace, ScottPlot.Plot> draw) =>
            ChartFiles.Attempt(
                () =>
                {
                    var picture = PagePicture.Draw(
                        title,
                        (theme, place) => draw(exploration, theme, place),
                        DesignChart.Width,
                        DesignChart.Height
                    );
                    page.Picture(picture);
                },
                title,
                warn
            );

        void Table(string caption, Exploration shown) =>
            page.Table(
                caption,
                ExplorationTable.Head(shown),
                shown.Points.Select(point => ExplorationTable.Row(shown, point, isShort: false))
            );
    }
}
