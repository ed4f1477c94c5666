using LowRank.Training.CommandLine.Commands;
using LowRank.Training.Reporting.Pages;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>A model beside what it was before.</summary>
internal sealed class ComparedModel
{
    /// <summary>Compares it.</summary>
    public ComparedModel(ModelDescription model, WatchState state)
    {
        Model = model;
        var before = state.Before?.Models.FirstOrDefault(other => other.Name == model.Name);
        Tables = [.. model.Tables.Select(table => (table, TableChanges.Mark(table, Same(before, table.Title), state.Before is not null)))];
        GoneTables = [.. (before?.Tables ?? []).Select(table => table.Title).Where(title => Same(model, title) is null)];
        Changes = Tables.Sum(table => TableChanges.Count(table.Rows)) + GoneTables.Count;
        Over =
        [
            .. model
                .Tables.SelectMany(table => table.Rows)
                .Where(DescriptionTable.IsOver)
                .Select(row => $"{row[0]} {row[1]}, {row[3]} of the limit of {row[2]}."),
        ];
    }

    /// <summary>The model.</summary>
    public ModelDescription Model { get; }

    /// <summary>Its tables, changes marked.</summary>
    public IReadOnlyList<(DescriptionTable Table, IReadOnlyList<PageRow> Rows)> Tables { get; }

    /// <summary>Titles of tables that it has no longer.</summary>
    public IReadOnlyList<string> GoneTables { get; }

    /// <summary>How many figures, rows and tables are marked.</summary>
    public int Changes { get; }

    /// <summary>What is over its budget.</summary>
    public IReadOnlyList<string> Over { get; }

    /// <summary>Whether there is something to be seen of it.</summary>
    public bool IsToBeSeen => Changes > 0 || Over.Count > 0;

    private static DescriptionTable? Same(ModelDescription? model, string title) =>
        model?.Tables.FirstOrDefault(table => table.Title == title);
}
