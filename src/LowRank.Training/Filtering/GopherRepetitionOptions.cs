namespace LowRank.Training.Filtering;

/// <summary>
/// How much a document may repeat itself; Gopher (Rae et al., 2021, table A1). Limits are shares from 0 to 1 and are still allowed
/// themselves; null switches a check off.
/// </summary>
internal sealed record GopherRepetitionOptions
{
    /// <summary>Lines that stood before, of all lines.</summary>
    public double? MaxDuplicateLines { get; init; } = 0.3;

    /// <summary>Paragraphs that stood before, of all paragraphs.</summary>
    public double? MaxDuplicateParagraphs { get; init; } = 0.3;

    /// <summary>Characters of lines that stood before, of all characters.</summary>
    public double? MaxDuplicateLineCharacters { get; init; } = 0.2;

    /// <summary>Characters of paragraphs that stood before, of all characters.</summary>
    public double? MaxDuplicateParagraphCharacters { get; init; } = 0.2;

    /// <summary>For n words in a row: characters of the most frequent n-gram at all its places, of all characters.</summary>
    public IReadOnlyDictionary<int, double> MaxTopNGramCharacters { get; init; } =
        new SortedDictionary<int, double>
        {
            [2] = 0.20,
            [3] = 0.18,
            [4] = 0.16,
        };

    /// <summary>For n words in a row: characters of n-grams that stood before, of all characters.</summary>
    public IReadOnlyDictionary<int, double> MaxDuplicateNGramCharacters { get; init; } =
        new SortedDictionary<int, double>
        {
            [5] = 0.15,
            [6] = 0.14,
            [7] = 0.13,
            [8] = 0.12,
            [9] = 0.11,
            [10] = 0.10,
        };
}
