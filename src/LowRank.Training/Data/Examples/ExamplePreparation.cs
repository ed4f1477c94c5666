using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LowRank.Training.Files;
using LowRank.Training.Tokenization;
using LowRank.Training.Wording;

namespace LowRank.Training.Data.Examples;

/// <summary>
/// From a source of examples to a folder of prepared data: tokenizer, tokens, ends and bits of each split, and the manifest.
/// </summary>
internal static class ExamplePreparation
{
    /// <summary>Part of the cache's key; counted up when the same examples would be stored otherwise.</summary>
    private const int AlgorithmVersion = 1;

    /// <summary>As <see cref="TokenDataset.PrepareExamples"/> says.</summary>
    public static TokenDataset Prepare(
        IExampleSource source,
        Tokenizer tokenizer,
        ExampleOptions options,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(tokenizer);
        options.Check();
        var dataset = OpenOrBuild(source, tokenizer, options, progress, cancellation);
        if (dataset.Examples is { Empty: > 0 and var empty })
            progress?.Report($"Passed over examples of which no token counts in the loss: {Quantity.Count(empty)}");
        return dataset;
    }

    private static TokenDataset OpenOrBuild(
        IExampleSource source,
        Tokenizer tokenizer,
        ExampleOptions options,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        var key = Key(source, tokenizer, options);
        foreach (var folder in CacheFolder.ToRead(options.CacheDirectory))
        {
            if (new DatasetCache(folder, Open).TryOpen(key) is { } ready)
                return ready;
        }

        var root = CacheFolder.Resolve(options.CacheDirectory);
        try
        {
            return new DatasetCache(root, Open).OpenOrBuild(
                key,
                folder => Build(folder, source, tokenizer, options, progress, cancellation),
                progress,
                cancellation
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SystemLimit.Refusal($"The prepared examples cannot be kept in '{root}'", exception, "name another cache folder");
        }
    }

    private static void Build(
        string folder,
        IExampleSource source,
        Tokenizer tokenizer,
        ExampleOptions options,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        progress?.Report($"Reading {source.Description}");
        using var spool = ExampleSpool.Fill(Path.Combine(folder, "examples.tmp"), source, tokenizer, progress, cancellation);
        CheckSize(spool, source.Description);
        progress?.Report(string.Create(CultureInfo.InvariantCulture, $"Storing {spool.Examples} examples"));
        var split = CorpusSplit.ByHash(options.ValidationFraction, spool.LowestHash, spool.HighestHash);
        tokenizer.Save(Path.Combine(folder, DatasetBuilder.TokenizerFile));
        using var training = new ExampleShardWriter(Path.Combine(folder, DatasetBuilder.TrainingFile), tokenizer.VocabularySize);
        using var validation = new ExampleShardWriter(Path.Combine(folder, DatasetBuilder.ValidationFile), tokenizer.VocabularySize);
        foreach (var (ids, counts, hash) in spool.ReadExamples())
        {
            cancellation.ThrowIfCancellationRequested();
            (split.IsValidation(hash) ? validation : training).Add(ids, counts);
        }

        new ExampleManifest
        {
            Format = ExampleManifest.Current,
            Description = source.Description,
            Tokenizer = tokenizer.Fingerprint,
            Training = training.Complete(),
            Validation = validation.Complete(),
            Empty = spool.Empty,
        }.Save(folder);
    }

    private static void CheckSize(ExampleSpool spool, string description)
    {
        if (spool.Examples == 0)
        {
            throw new InputException(
                spool.Empty == 0
                    ? $"There is no example in {description}; give files that hold some."
                    : $"None of the {Quantity.Count(spool.Empty)} examples in {description} has a token that counts in the loss; give some with answers to learn."
            );
        }

        if (spool.LowestHash == spool.HighestHash)
        {
            throw new InputException(
                $"The examples ({description}) are a single one, and training and validation need one each; give more of them."
            );
        }
    }

    /// <exception cref="InvalidDataException">The folder does not hold what its manifest says.</exception>
    private static TokenDataset Open(string folder)
    {
        var manifest = ExampleManifest.Load(folder);
        var tokenizerPath = Path.Combine(folder, DatasetBuilder.TokenizerFile);
        var tokenizer = Tokenizer.Load(tokenizerPath);
        if (tokenizer.Fingerprint != manifest.Tokenizer)
            throw new InvalidDataException($"The folder '{folder}' holds files that do not belong together.");
        var training = OpenSplit(DatasetBuilder.TrainingFile, manifest.Training, "training examples");
        try
        {
            var validation = OpenSplit(DatasetBuilder.ValidationFile, manifest.Validation, "validation examples");
            return new TokenDataset(
                tokenizer,
                tokenizerPath,
                training.Tokens,
                validation.Tokens,
                manifest.Fingerprint(),
                manifest.Description
            )
            {
                Examples = new(training, validation, manifest.Empty),
                TrainingDocuments = training.Count,
                ValidationDocuments = validation.Count,
            };
        }
        catch
        {
            training.Dispose();
            throw;
        }

        ExampleShard OpenSplit(string file, ExampleFiles files, string name) =>
            ExampleShard.Open(Path.Combine(folder, file), files, name, tokenizer.EndOfText);
    }

    private static string Key(IExampleSource source, Tokenizer tokenizer, ExampleOptions options)
    {
        var inputs = string.Create(
            CultureInfo.InvariantCulture,
            $"examples {AlgorithmVersion}\n{tokenizer.Identity}\n{options.ValidationFraction:R}\n{source.Identity}"
        );
        return XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(inputs)).ToString("x32", CultureInfo.InvariantCulture);
    }
}
