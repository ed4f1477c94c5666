using LowRank.Training.Reporting.Pages;

namespace LowRank.Training.Experiments.Reports;

/// <summary>The report on an experiment as one self-contained HTML page.</summary>
internal static class ExperimentPage
{
    /// <summary>The file's name in the experiment's folder.</summary>
    public const string Name = "report.html";

    /// <summary>The page.</summary>
    /// <param name="name">The experiment's name.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="pictures">Title and both versions of the charts.</param>
    /// <param name="command">The command.</param>
    public static string Write(
        string name,
        IReadOnlyList<ReportTable> tables,
        IReadOnlyList<(string Title, string Light, string Dark)> pictures,
        string command
    )
    {
        var page = new HtmlPage(name);
        foreach (var table in tables)
        {
            page.Heading(table.Heading);
            page.Table(table.Caption, table.Head, table.Rows);
            page.Code(command);
            if (table != tables[0])
                continue;
            foreach (var (title, light, dark) in pictures)
                page.Picture(title, light, dark);
        }

        return page.ToString();
    }
}
