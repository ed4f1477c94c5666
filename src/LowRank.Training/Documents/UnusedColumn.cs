using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>A column that nothing has was meant for other files.</summary>
internal static class UnusedColumn
{
    /// <summary>Refuses a column of its own name where no text of all that are read has columns.</summary>
    /// <param name="paths">Files and folders; none for the documentation of the SDK.</param>
    /// <param name="column">What the column is called.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="InputException">None has, or a path can't be used.</exception>
    public static void Refuse(IReadOnlyList<string> paths, string column, CancellationToken cancellation)
    {
        if (column == TextOptions.UsualColumn)
            return;

        var files = TextFileSearch.Find(paths, cancellation).Files;
        if (files.Any(file => file.HasColumns))
            return;

        var text = files.Count == 0 ? "the API documentation of the .NET SDK" : $"'{files[0].Path}'";
        throw InputException.Naming(
            $"{new OptionName(TextOptions.Column)} names the column \"{column}\", but none of the texts has columns: {text} is read as a whole. Leave it out (or \"{TextOptions.UsualColumn}\"), or name files of records (.jsonl, .json, .csv, .parquet)."
        );
    }
}
