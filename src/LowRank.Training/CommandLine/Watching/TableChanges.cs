using LowRank.Training.CommandLine.Commands;
using LowRank.Training.Reporting.Pages;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>Marks what is another in a table than it was before.</summary>
internal static class TableChanges
{
    /// <summary>The rows of a table; those that are gone come last.</summary>
    /// <param name="now">The table.</param>
    /// <param name="before">The one of the same title before; null where there was none.</param>
    /// <param name="isCompared">Whether there is a before at all.</param>
    public static IReadOnlyList<PageRow> Mark(DescriptionTable now, DescriptionTable? before, bool isCompared)
    {
        if (!isCompared)
            return [.. now.Rows.Select(row => new PageRow([.. row.Select(cell => new PageCell(cell))], Level(row)))];
        var old = Keyed(before).ToDictionary(row => row.Key, row => row.Cells);
        var rows = Keyed(now).ToList();
        return
        [
            .. rows.Select(row => Compared(now, row.Cells, before, old.GetValueOrDefault(row.Key))),
            .. Keyed(before)
                .Where(row => !rows.Exists(kept => kept.Key == row.Key))
                .Select(row => new PageRow(
                    [.. now.Columns.Select((_, index) => new PageCell(index < row.Cells.Length ? row.Cells[index] : ""))],
                    PageMark.Gone
                )),
        ];
    }

    /// <summary>How many cells and rows are marked.</summary>
    public static int Count(IEnumerable<PageRow> rows) =>
        rows.Sum(row => row.Mark is PageMark.New or PageMark.Gone ? 1 : row.Cells.Count(cell => cell.Mark == PageMark.Changed));

    private static PageRow Compared(DescriptionTable now, string[] cells, DescriptionTable? before, string[]? old)
    {
        if (old is null)
            return new(
                [.. cells.Select(cell => new PageCell(cell, null, cell == DescriptionTable.Over ? PageMark.Over : PageMark.None))],
                PageMark.New
            );
        return new(
            [
                .. cells.Select(
                    (cell, index) =>
                        Column(before!, now.Columns[index]) is var column and >= 0 && old[column] != cell
                            ? new PageCell(cell, $"was {(old[column].Length > 0 ? old[column] : "–")}", PageMark.Changed)
                            : new PageCell(cell)
                ),
            ],
            Level(cells)
        );
    }

    private static PageMark Level(string[] cells) => DescriptionTable.IsOver(cells) ? PageMark.Over : PageMark.None;

    private static int Column(DescriptionTable table, string name)
    {
        for (var index = 0; index < table.Columns.Count; index++)
        {
            if (table.Columns[index] == name)
                return index;
        }

        return -1;
    }

    // A part that is declared twice, for some blocks and for others, has a row for each.
    private static IEnumerable<((string Name, int Occurrence) Key, string[] Cells)> Keyed(DescriptionTable? table) =>
        table is null
            ? []
            : table
                .Rows.GroupBy(row => row[0], StringComparer.Ordinal)
                .SelectMany(rows => rows.Select((row, index) => ((rows.Key, index), row)));
}
