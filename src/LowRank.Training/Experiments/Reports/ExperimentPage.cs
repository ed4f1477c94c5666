using LowRank.Training.Reporting.Charts;
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
    /// <param name="pictures">The charts.</param>
    /// <param name="command">The command.</param>
    public static string Write(string name, IReadOnlyList<ReportTable> tables, IReadOnlyList<PagePicture> pictures, string command)
    {
        var page = new HtmlPage(name);
        page.Code(command);
        foreach (var table in tables)
        {
            page.Heading(table.Heading);
            page.Table(table.Caption, table.Head, table.Rows);
            if (table != tables[0])
                continue;
            foreach (var picture in pictures)
                page.Picture(picture);
        }

        return page.ToString();
    }
}
