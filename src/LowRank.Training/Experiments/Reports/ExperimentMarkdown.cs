using System.Globalization;
using System.Text;

namespace LowRank.Training.Experiments.Reports;

/// <summary>The report on an experiment as Markdown.</summary>
internal static class ExperimentMarkdown
{
    /// <summary>The file's name in the experiment's folder.</summary>
    public const string Name = "report.md";

    /// <summary>The text.</summary>
    /// <param name="name">The experiment's name.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="pictures">Names of the charts' files beside the report.</param>
    /// <param name="command">The command.</param>
    public static string Write(string name, IReadOnlyList<ReportTable> tables, IReadOnlyList<string> pictures, string command)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {name}\n\n```\n{command}\n```\n");
        foreach (var table in tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {table.Heading}\n\n{table.Caption}\n\n");
            Row(text, table.Head);
            text.Append('|').Insert(text.Length, "---|", table.Head.Count).Append('\n');
            foreach (var row in table.Rows)
                Row(text, row);
        }

        foreach (var picture in pictures)
            text.Append(CultureInfo.InvariantCulture, $"\n![{Path.GetFileNameWithoutExtension(picture)}]({picture})\n");
        return text.ToString();
    }

    // A cell's second line stays below its first. A failure's message may hold what ends a cell.
    private static void Row(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ")
            .AppendJoin(" | ", cells.Select(cell => cell.ReplaceLineEndings("<br>").Replace("|", "\\|", StringComparison.Ordinal)))
            .Append(" |\n");
}
