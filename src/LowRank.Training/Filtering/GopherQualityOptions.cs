namespace LowRank.Training.Filtering;

/// <summary>
/// What tells prose from lists, code and menus; Gopher (Rae et al., 2021, A.1.1). Limits are still allowed themselves; null switches
/// a check off.
/// </summary>
internal sealed record GopherQualityOptions
{
    /// <summary>Fewest words that are more than punctuation.</summary>
    public int? MinWords { get; init; } = 50;

    /// <summary>Most words that are more than punctuation.</summary>
    public int? MaxWords { get; init; } = 100_000;

    /// <summary>Smallest mean length of such words, in characters.</summary>
    public double? MinMeanWordLength { get; init; } = 3;

    /// <summary>Largest mean length of such words, in characters.</summary>
    public double? MaxMeanWordLength { get; init; } = 10;

    /// <summary>Most number signs per word, and most ellipses per word.</summary>
    public double? MaxSymbolsPerWord { get; init; } = 0.1;

    /// <summary>Lines that begin with a bullet, of all lines.</summary>
    public double? MaxBulletLines { get; init; } = 0.9;

    /// <summary>Lines that end in an ellipsis, of all lines.</summary>
    public double? MaxEllipsisLines { get; init; } = 0.3;

    /// <summary>Fewest words with a letter, of all words.</summary>
    public double? MinAlphabeticWords { get; init; } = 0.8;

    /// <summary>How many different ones of <see cref="StopWords"/> must occur.</summary>
    public int? MinStopWords { get; init; } = 2;

    /// <summary>Words that English prose can't do without, compared with regard to case.</summary>
    public IReadOnlyList<string> StopWords { get; init; } = ["the", "be", "to", "of", "and", "that", "have", "with"];
}
