using System.Globalization;
using LowRank.Training.Data.Mixtures;
using LowRank.Training.Documents;
using LowRank.Training.Wording;

namespace LowRank.Training.Data;

/// <summary>What to train on and how to turn it into tokens.</summary>
public sealed record CorpusOptions
{
    /// <summary>What stands for the API documentation of the .NET SDK where a text is named.</summary>
    internal const string SdkText = "sdk";

    /// <summary>Files and folders of text or of tokens; none for the API documentation of the .NET SDK.</summary>
    public IReadOnlyList<string> TextPaths { get; init; } = [];

    /// <summary>
    /// How much of the training comes from each of <see cref="TextPaths"/>: a number above 0 for each, of which the ratios count. Empty
    /// where the paths are one text together.
    /// </summary>
    public IReadOnlyList<double> TextWeights { get; init; } = [];

    /// <summary>The member of JSON objects, or the column of tables, that holds the text.</summary>
    public string TextColumn { get; init; } = TextOptions.UsualColumn;

    /// <summary>
    /// Number of token ids that the model has room for; a tokenizer is trained to exactly that size if the text suffices.
    /// </summary>
    public int Vocabulary { get; init; } = 4096;

    /// <summary>
    /// The share of the documents that is held out for validation, between 0 and 1. Of token files without a validation file it is the
    /// share of the tokens at their end, at most 100 million; with one it doesn't count.
    /// </summary>
    public double ValidationFraction { get; init; } = 0.05;

    /// <summary>The folder in which prepared data is kept for the next run; null for one of the user's.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>
    /// A <c>tokenizer.json</c> to use instead of training one, or the one that token files were made with, where none is beside them.
    /// </summary>
    public string? TokenizerPath { get; init; }

    /// <summary>
    /// Whether the texts of special tokens in documents become their ids. Only for text that is trusted; without it they stay the
    /// characters that they are. Token files aren't changed by it.
    /// </summary>
    public bool SpecialTokens { get; init; }

    /// <summary>A text that is no file; null for <see cref="TextPaths"/>.</summary>
    internal IDocumentSource? Source { get; init; }

    /// <exception cref="InputException">A value is out of its range.</exception>
    internal void Check()
    {
        if (string.IsNullOrEmpty(TextColumn))
        {
            throw InputException.Naming(
                $"{new OptionName(nameof(TextColumn))} is empty; name the column that holds the text, such as {TextOptions.UsualColumn}."
            );
        }

        _ = MixtureParts.Of(this);
        if (Vocabulary < 1)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A vocabulary of {Vocabulary} is not possible; declare one of at least 257, such as 4096."
                )
            );
        }

        if (!(ValidationFraction > 0 && ValidationFraction < 1))
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A validation share of {ValidationFraction} is not possible; it must lie between 0 and 1, such as 0.05."
                )
            );
        }
    }
}
