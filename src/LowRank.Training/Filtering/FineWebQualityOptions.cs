namespace LowRank.Training.Filtering;

/// <summary>
/// The rules that FineWeb (Penedo et al., 2024) found by itself, over lines that aren't blank. Limits are still allowed themselves;
/// null switches a check off.
/// </summary>
internal sealed record FineWebQualityOptions
{
    /// <summary>Fewest lines that end in terminal punctuation, of all lines.</summary>
    public double? MinPunctuatedLines { get; init; } = 0.12;

    /// <summary>Keeps a document none of whose lines ends so, such as one in a language without such punctuation.</summary>
    public bool AllowNoPunctuatedLines { get; init; }

    /// <summary>Lines of <see cref="ShortLineLength"/> or less, of all lines.</summary>
    public double? MaxShortLines { get; init; } = 0.67;

    /// <summary>Characters up to which a line is short.</summary>
    public int ShortLineLength { get; init; } = 30;

    /// <summary>Characters of lines that stood before, of all characters but newlines.</summary>
    public double? MaxDuplicateLineCharacters { get; init; } = 0.01;

    /// <summary>Newlines per word.</summary>
    public double? MaxNewlinesPerWord { get; init; } = 0.3;
}
