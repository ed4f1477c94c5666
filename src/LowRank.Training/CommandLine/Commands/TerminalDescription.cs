using Spectre.Console;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>Prints a description on a terminal.</summary>
internal static class TerminalDescription
{
    /// <summary>Prints it.</summary>
    public static void Print(IAnsiConsole console, ModelEntry entry, DescriptionRequest request)
    {
        // What can't be said of the model is refused before anything is printed.
        var tables = DescriptionTables.Of(entry, request).ToList();
        console.Write(new Text(entry.Name, new Style(decoration: Decoration.Bold)));
        console.WriteLine(entry.Summary.Length > 0 ? ": " + entry.Summary : "");
        foreach (var table in tables)
            console.Write(Drawn(table));
    }

    private static Table Drawn(DescriptionTable described)
    {
        var table = new Table { Border = TableBorder.Rounded };
        for (var column = 0; column < described.Columns.Count; column++)
        {
            var isText = column == 0 || column == described.TextColumn;
            table.AddColumn(new TableColumn(new Text(described.Columns[column])) { Alignment = isText ? Justify.Left : Justify.Right });
        }

        foreach (var row in described.Rows)
            table.AddRow(row.Select(cell => new Text(cell, cell == DescriptionTable.Over ? Alarming : Style.Plain)));
        if (described.Caption is { } caption)
            table.Caption = new TableTitle(caption);
        return table;
    }

    private static Style Alarming => new(Color.Red, decoration: Decoration.Bold);
}
