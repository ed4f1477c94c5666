namespace LowRank.Training.Filtering;

/// <summary>Which languages are kept, and how sure that must be.</summary>
internal sealed record LanguageOptions
{
    /// <summary>ISO 639-1 codes of the languages that are kept.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en"];

    /// <summary>A document is kept above this score, from 0 to 1.</summary>
    public double Threshold { get; init; } = 0.65;

    /// <summary>
    /// Of a longer text so many characters are looked at, in pieces from all of it. Half of them tell the language as well; more show
    /// better how much of the text is in it.
    /// </summary>
    public int ExaminedCharacters { get; init; } = 1600;

    /// <summary>The folder of the models; null for that beside the program.</summary>
    public string? Models { get; init; }
}
