using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LowRank.Training.Data.Examples;
using LowRank.Training.Data.Mixtures;
using LowRank.Training.Data.Shards;
using LowRank.Training.Documents;
using LowRank.Training.Files;
using LowRank.Training.Tokenization;
using LowRank.Training.Wording;

namespace LowRank.Training.Data;

/// <summary>Text ready for training: its tokenizer, and the tokens of its training and validation split.</summary>
public sealed class TokenDataset : IDisposable
{
    /// <summary>Part of the cache's key; counted up when the same text would become other tokens.</summary>
    private const int AlgorithmVersion = 2;

    internal TokenDataset(
        Tokenizer tokenizer,
        string tokenizerPath,
        TokenSequence training,
        TokenSequence validation,
        string fingerprint,
        string description
    )
    {
        Tokenizer = tokenizer;
        TokenizerPath = tokenizerPath;
        Training = training;
        Validation = validation;
        Fingerprint = fingerprint;
        Description = description;
    }

    /// <summary>The tokenizer of both splits.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Where the tokenizer is kept, as a <c>tokenizer.json</c>.</summary>
    public string TokenizerPath { get; }

    /// <summary>
    /// The tokens to train on, an end-of-text token after every document of text that was prepared here; of a mixture those of all sources,
    /// one behind the other.
    /// </summary>
    public TokenSequence Training { get; }

    /// <summary>The tokens held out, in the same way.</summary>
    public TokenSequence Validation { get; }

    /// <summary>
    /// What a run on these keeps beside the tokenizer, where that isn't what came with its weights: with a chat template that was named.
    /// </summary>
    internal CompanionFiles? Companions { get; set; }

    /// <summary>The sources by weight, where the text is a mixture; null where it is one text.</summary>
    internal TokenMixture? Mixture { get; init; }

    /// <summary>The examples, where the data are such; null for text.</summary>
    internal ExampleSplits? Examples { get; init; }

    /// <summary>
    /// A hash of the tokenizer and the tokens: equal on every machine for equal text and options. Of token files that were given, of their
    /// number and of pieces of them.
    /// </summary>
    internal string Fingerprint { get; }

    /// <summary>What the text is, in a few words.</summary>
    public string Description { get; }

    /// <summary>What of the folders named was passed over, by its name, its kind or its content; none of it is in the splits.</summary>
    public IReadOnlyList<SkippedText> Skipped { get; internal set; } = [];

    /// <summary>Broken records within files, which are in neither split; null for none.</summary>
    internal BrokenRecords? Broken { get; init; }

    /// <summary>Number of training documents; null where token files were given that don't say.</summary>
    public long? TrainingDocuments { get; internal init; }

    /// <summary>Number of held-out documents; null where token files were given that don't say.</summary>
    public long? ValidationDocuments { get; internal init; }

    /// <summary>Bytes of the training text in UTF-8; null where token files were given that don't say.</summary>
    public long? TrainingBytes { get; internal init; }

    /// <summary>
    /// Bytes of the held-out text in UTF-8: bits per byte are nats per token · tokens / bytes / ln 2. Null where token files were given
    /// that don't say.
    /// </summary>
    public long? ValidationBytes { get; internal init; }

    /// <summary>
    /// Cross-entropy of the validation tokens under the training tokens' frequencies (one added to each count), in nats per token: what a
    /// model without any context would reach. Null where token files were given, which are not read through, and of a mixture.
    /// </summary>
    public double? UnigramEntropy { get; internal init; }

    /// <summary>
    /// Gives the tokens of a corpus, from the cache if the same was prepared before. Several processes may do so at once. What is built
    /// depends on the text and the options alone: the order of files is fixed, and equal documents count once.
    /// </summary>
    /// <param name="options">The text, the vocabulary and the split.</param>
    /// <param name="progress">Told in one line what is being done, unless the cache has it, and what was passed over.</param>
    /// <param name="cancellation">Ends the work; the cache stays as it was.</param>
    /// <exception cref="InputException">An option, a text or the cache folder cannot be used.</exception>
    /// <exception cref="NoSpaceException">The cache folder has no room for the prepared text.</exception>
    public static TokenDataset Prepare(CorpusOptions options, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        options.Check();
        if (options.TextWeights.Count > 0)
            return MixturePreparation.Prepare(options, progress, cancellation);
        if (FindTokens(options) is { } tokens)
            return TokenFilesDataset.Open(tokens, TokensTokenizer.For(tokens, options)!, options, cancellation);
        if (options.Source is null)
            UnusedColumn.Refuse(options.TextPaths, options.TextColumn, cancellation);
        return PrepareText(options, progress, cancellation);
    }

    /// <summary>
    /// Gives examples to train on, of which some tokens alone count in the loss: from the cache if the same were prepared before. A run
    /// packs them into rows of its context, whole as far as they fit, and no example sees another one in its row.
    /// </summary>
    /// <param name="source">The examples.</param>
    /// <param name="tokenizer">The tokenizer that their ids are of.</param>
    /// <param name="options">The share held out, and the cache folder.</param>
    /// <param name="progress">Told in one line what is being done, unless the cache has it, and what was passed over.</param>
    /// <param name="cancellation">Ends the work; the cache stays as it was.</param>
    /// <exception cref="InputException">An option, an example or the cache folder cannot be used.</exception>
    /// <exception cref="NoSpaceException">The cache folder has no room for the prepared examples.</exception>
    public static TokenDataset PrepareExamples(
        IExampleSource source,
        Tokenizer tokenizer,
        ExampleOptions? options = null,
        IProgress<string>? progress = null,
        CancellationToken cancellation = default
    ) => ExamplePreparation.Prepare(source, tokenizer, options ?? new(), progress, cancellation);

    /// <summary>The same where the paths are known to be one text.</summary>
    internal static TokenDataset PrepareText(CorpusOptions options, IProgress<string>? progress, CancellationToken cancellation)
    {
        var given = options.TokenizerPath is null ? null : LoadTokenizer(options.TokenizerPath, options.Vocabulary);
        var source = Source(options, cancellation);
        var skipped = source.Skipped;
        var dataset = OpenOrBuild(source, options, given, progress, cancellation);
        dataset.Skipped = [.. skipped, .. dataset.Skipped];
        if (dataset.Skipped.Count > 0)
            progress?.Report($"Passed over in folders of text: {SkippedCount.ByReason(dataset.Skipped)}");
        if (dataset.Broken is { } broken)
        {
            progress?.Report(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Passed over broken records: {broken.Count}, of which the first: {broken.First}."
                )
            );
        }

        return dataset;
    }

    /// <summary>The documents that options name.</summary>
    internal static IDocumentSource Source(CorpusOptions options, CancellationToken cancellation) =>
        options.Source
        ?? (options.TextPaths.Count == 0 ? SdkDocumentation.Find() : new TextFiles(options.TextPaths, options.TextColumn, cancellation));

    /// <summary>Looks for text and tokenizer without reading the text.</summary>
    /// <param name="options">What they are.</param>
    /// <param name="hasText">Whether a text is read; false where the tokenizer alone counts.</param>
    /// <exception cref="InputException">One of them isn't there, or can't be used.</exception>
    internal static void CheckInputs(CorpusOptions options, bool hasText = true)
    {
        options.Check();
        if (options.TokenizerPath is { } path)
            _ = LoadTokenizer(path, options.Vocabulary);
        if (options.Source is not null || !hasText)
            return;
        if (options.TextPaths.Count == 0)
            _ = SdkDocumentation.Find();
        else if (options.TextWeights.Count > 0)
            MixturePreparation.Check(options);
        else if (FindTokens(options) is { } tokens)
            _ = TokensTokenizer.For(tokens, options);
        else
            _ = TextFileSearch.Find(options.TextPaths, CancellationToken.None);
    }

    /// <summary>The token files that all paths name; null where they name text.</summary>
    private static IReadOnlyList<FoundTokens>? FindTokens(CorpusOptions options)
    {
        if (options.Source is not null)
            return null;
        FoundTokens?[] found = [.. options.TextPaths.Select(TokenSearch.Find)];
        if (found.All(tokens => tokens is null))
            return null;
        return found.All(tokens => tokens is not null)
            ? [.. found.Select(tokens => tokens!)]
            : throw InputException.Naming(
                $"'{options.TextPaths[Array.FindIndex(found, tokens => tokens is not null)]}' holds tokens and '{options.TextPaths[Array.FindIndex(found, tokens => tokens is null)]}' text; say with {new OptionName(nameof(CorpusOptions.TextWeights))} how much of each is read."
            );
    }

    /// <summary>What a run reads.</summary>
    /// <param name="context">Tokens of a row.</param>
    /// <param name="source">What it is called as the source of a mixture; null for none.</param>
    /// <exception cref="InputException">The text has fewer tokens than one row needs, or no example has a token that counts.</exception>
    internal TokenRows TrainingRows(int context, string? source = null) =>
        Examples is null ? Windows(Training, context, "training text", source) : Examples.Training.Packed(context);

    /// <summary>The same of what is held out.</summary>
    /// <param name="context">Tokens of a row.</param>
    /// <param name="source">What it is called as the source of a mixture; null for none.</param>
    /// <exception cref="InputException">As before.</exception>
    internal TokenRows ValidationRows(int context, string? source = null) =>
        Examples is null ? Windows(Validation, context, "validation text", source) : Examples.Validation.Packed(context);

    private static TokenWindows Windows(TokenSequence tokens, int context, string name, string? source) =>
        new(tokens, context, source is null ? name : $"{name} of '{source}'");

    /// <inheritdoc/>
    public void Dispose()
    {
        Training.Dispose();
        Validation.Dispose();
        Examples?.Dispose();
    }

    private static TokenDataset OpenOrBuild(
        IDocumentSource source,
        CorpusOptions options,
        Tokenizer? given,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        var key = Key(source, options, given);
        foreach (var folder in CacheFolder.ToRead(options.CacheDirectory))
        {
            if (new DatasetCache(folder).TryOpen(key) is { } ready)
                return ready;
        }

        var root = CacheFolder.Resolve(options.CacheDirectory);
        var builder = new DatasetBuilder(source, options, given, progress, cancellation);
        try
        {
            return new DatasetCache(root).OpenOrBuild(key, builder.Build, progress, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SystemLimit.Refusal($"The prepared text cannot be kept in '{root}'", exception, "name another cache folder");
        }
    }

    internal static Tokenizer LoadTokenizer(string path, int vocabulary)
    {
        var tokenizer = Tokenizer.Load(path);
        return tokenizer.VocabularySize <= vocabulary
            ? tokenizer
            : throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The tokenizer '{path}' has {tokenizer.VocabularySize} entries, but the model has a vocabulary of {vocabulary}; declare the model with a vocabulary of at least {tokenizer.VocabularySize}."
                )
            );
    }

    private static string Key(IDocumentSource source, CorpusOptions options, Tokenizer? given)
    {
        var tokenizer = given?.Identity ?? string.Create(CultureInfo.InvariantCulture, $"train {options.Vocabulary}");
        var inputs = string.Create(
            CultureInfo.InvariantCulture,
            $"{AlgorithmVersion}\n{tokenizer}\n{options.ValidationFraction:R}\n{(options.SpecialTokens ? "special tokens\n" : "")}{source.Identity}"
        );
        return XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(inputs)).ToString("x32", CultureInfo.InvariantCulture);
    }
}
