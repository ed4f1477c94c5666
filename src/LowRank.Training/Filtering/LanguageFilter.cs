using LowRank.Training.Documents;

namespace LowRank.Training.Filtering;

/// <summary>
/// Keeps documents in the wanted languages, if that is sure enough (datatrove's language filter), and notes language and score in each.
/// </summary>
/// <remarks>
/// The reference scores with fastText's lid.176, this with models of trigrams: see <see cref="LanguageDetector"/> for what a score is.
/// </remarks>
internal sealed class LanguageFilter : IDocumentFilter
{
    /// <summary>In the order of the checks.</summary>
    public const string OtherLanguage = "language";
    public const string LowScore = "language_score";

    private readonly LanguageOptions options;
    private readonly LanguageDetector detector;

    /// <exception cref="InputException">The models aren't there, or a language has none.</exception>
    public LanguageFilter(LanguageOptions options)
    {
        var check = new FilterOption(Name);
        check.Share(nameof(options.Threshold), options.Threshold);
        check.Positive(nameof(options.ExaminedCharacters), options.ExaminedCharacters);
        check.Filled(nameof(options.Languages), options.Languages);
        this.options = options;
        detector = new LanguageDetector(options);
        foreach (var language in options.Languages.Where(language => !detector.Languages.Contains(language)))
        {
            throw new InputException(
                $"The language \"{language}\" is not known; give codes of ISO 639-1 such as en: {string.Join(", ", detector.Languages.Order(StringComparer.Ordinal))}."
            );
        }
    }

    /// <inheritdoc/>
    public string Name => "language";

    /// <inheritdoc/>
    public string? Apply(Document document)
    {
        var (language, score) = detector.Detect(document.Text);
        document.Language = language;
        document.LanguageScore = score;
        return language is null || !options.Languages.Contains(language) ? OtherLanguage
            : score > options.Threshold ? null
            : LowScore;
    }
}
