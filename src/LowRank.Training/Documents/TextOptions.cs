namespace LowRank.Training.Documents;

/// <summary>
/// The options that choose a text, as <see cref="Wording.OptionName"/> knows them; what holds them stands in a later room.
/// </summary>
internal static class TextOptions
{
    /// <summary>Files, folders and patterns of a text.</summary>
    public const string Paths = "TextPaths";

    /// <summary>The member, or column, that holds the text of a record.</summary>
    public const string Column = "TextColumn";

    /// <summary>What that is called where nothing is said.</summary>
    public const string UsualColumn = "text";
}
