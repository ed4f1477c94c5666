namespace LowRank.Training.CommandLine.Commands;

/// <summary>A table of a description, for a terminal or a page.</summary>
/// <param name="Title">What it tells; no other table of the same model has this title.</param>
/// <param name="Columns">Their headings, each another; the first column names the rows.</param>
internal sealed record DescriptionTable(string Title, IReadOnlyList<string> Columns)
{
    /// <summary>What the last cell of a budget's line says that is over.</summary>
    public const string Over = "OVER";

    /// <summary>The cells of each row, as many as there are columns; a cell may have several lines.</summary>
    public List<string[]> Rows { get; init; } = [];

    /// <summary>What has to be known to read it; null for nothing.</summary>
    public string? Caption { get; set; }

    /// <summary>The column that holds words; all others but the first hold figures.</summary>
    public int? TextColumn { get; set; }

    /// <summary>Whether a row is the budget's line of something that is over.</summary>
    public static bool IsOver(string[] row) => row[^1] == Over;

    /// <summary>A table without rows yet.</summary>
    public static DescriptionTable New(string title, string first, params string[] others) => new(title, [first, .. others]);

    /// <summary>Appends a row.</summary>
    public void Add(params string[] cells) => Rows.Add(cells);
}
