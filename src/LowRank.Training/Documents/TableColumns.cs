using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>The error when a table lacks the column of the text.</summary>
internal static class TableColumns
{
    /// <summary>Why such a file is passed over in a folder.</summary>
    public const string Reason = "no table with such a column";

    /// <summary>Tables can have thousands.</summary>
    private const int MostNames = 20;

    /// <param name="part">What lacks it: "The header".</param>
    /// <param name="what">What is wrong.</param>
    /// <param name="names">The columns that are there.</param>
    /// <param name="file">The file's path.</param>
    public static UnusableTextException Refusal(string part, string what, IReadOnlyList<string> names, string file) =>
        UnusableTextException.Naming(
            Reason,
            $"{part} of '{file}' {what}; there is {Listed([.. names.Select(name => $"\"{name}\"")])}. Name the column that holds the text with {new OptionName(TextOptions.Column)}."
        );

    /// <summary>The columns that may hold the text, such as "text" or "content".</summary>
    public static string Choice(RecordReading reading) => string.Join(" or ", reading.Columns.Select(name => $"\"{name}\""));

    /// <summary>Names behind one another, of many the first ones.</summary>
    public static string Listed(IReadOnlyList<string> names) =>
        names.Count == 0 ? "nothing" : string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? ", …" : "");
}
