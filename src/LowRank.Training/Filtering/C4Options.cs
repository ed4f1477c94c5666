namespace LowRank.Training.Filtering;

/// <summary>Which lines and documents C4 (Raffel et al., 2020) leaves out. Null or false switches a check off.</summary>
internal sealed record C4Options
{
    /// <summary>Takes marks such as [12], [edit] and [citation needed] out of lines.</summary>
    public bool RemoveCitations { get; init; } = true;

    /// <summary>Leaves out lines that end without terminal punctuation. FineWeb switches it off.</summary>
    public bool RequireTerminalPunctuation { get; init; } = true;

    /// <summary>Fewest sentences that must be left of a document.</summary>
    public int? MinSentences { get; init; } = 5;

    /// <summary>Fewest words of a line, counted before citations are taken out.</summary>
    public int? MinWordsPerLine { get; init; } = 3;

    /// <summary>Longest word of a line, in characters.</summary>
    public int? MaxWordLength { get; init; } = 1000;

    /// <summary>Drops documents with the placeholder text "lorem ipsum".</summary>
    public bool DropLoremIpsum { get; init; } = true;

    /// <summary>Leaves out lines that name JavaScript.</summary>
    public bool DropJavaScriptLines { get; init; } = true;

    /// <summary>Drops documents with an opening curly bracket.</summary>
    public bool DropCurlyBrackets { get; init; } = true;

    /// <summary>Leaves out lines about cookies, privacy and terms of use.</summary>
    public bool DropPolicyLines { get; init; } = true;
}
