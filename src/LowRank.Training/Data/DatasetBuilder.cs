using System.Globalization;
using LowRank.Training.Documents;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Data;

/// <summary>Turns text into a folder of prepared data: the tokenizer, a shard for each split, and the manifest.</summary>
internal sealed class DatasetBuilder(
    IDocumentSource source,
    CorpusOptions options,
    Tokenizer? givenTokenizer,
    IProgress<string>? progress,
    CancellationToken cancellation
)
{
    public const string TokenizerFile = "tokenizer.json";
    public const string TrainingFile = "training.tokens";
    public const string ValidationFile = "validation.tokens";

    /// <summary>Fills <paramref name="folder"/>, which exists and is empty.</summary>
    /// <exception cref="InputException">The text cannot be read or is too little to be split.</exception>
    public void Build(string folder)
    {
        var known = source.Skipped.Count;
        progress?.Report($"Reading {source.Description}");
        using var spool = DocumentSpool.Fill(Path.Combine(folder, "documents.tmp"), source, progress, cancellation);
        CheckSize(spool);
        var split = CorpusSplit.ByHash(options.ValidationFraction, spool.LowestHash, spool.HighestHash);
        var tokenizer = givenTokenizer ?? TrainTokenizer(spool, split);
        tokenizer.Save(Path.Combine(folder, TokenizerFile));
        var manifest = Encode(spool, split, tokenizer, folder);
        (manifest with { Skipped = [.. source.Skipped.Skip(known)], Broken = source.Broken }).Save(folder);
    }

    private void CheckSize(DocumentSpool spool)
    {
        if (spool.Documents == 0)
        {
            throw new InputException(
                $"There is no text in {source.Description}{SkippedCount.InBrackets(source.Skipped)}; give files that hold some."
            );
        }

        if (spool.LowestHash == spool.HighestHash)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The text ({source.Description}) is a single document of {spool.Bytes} bytes, and training and validation need one each; give more text."
                )
            );
        }
    }

    /// <summary>From the training split alone: what is held out must not shape the vocabulary that it is measured with.</summary>
    private Tokenizer TrainTokenizer(DocumentSpool spool, CorpusSplit split)
    {
        progress?.Report(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Training a tokenizer of {options.Vocabulary} entries on {spool.Bytes / 1e6:0.0} MB"
            )
        );
        var trainer = new BytePairTrainer();
        foreach (var document in spool.ReadDocuments())
        {
            if (!split.IsValidation(document))
                trainer.Add(document, cancellation);
        }

        return trainer.Train(options.Vocabulary, cancellation);
    }

    private DatasetManifest Encode(DocumentSpool spool, CorpusSplit split, Tokenizer tokenizer, string folder)
    {
        progress?.Report(string.Create(CultureInfo.InvariantCulture, $"Encoding {spool.Documents} documents"));
        var trainingPath = Path.Combine(folder, TrainingFile);
        var validationPath = Path.Combine(folder, ValidationFile);
        using var training = new EncodedSplit(trainingPath, tokenizer, options.SpecialTokens);
        using var validation = new EncodedSplit(validationPath, tokenizer, options.SpecialTokens);
        var milestone = new Milestone(progress, "Encoding text");
        foreach (var document in spool.ReadDocuments())
        {
            (split.IsValidation(document) ? validation : training).Add(document, cancellation);
            milestone.Reach(training.Bytes + validation.Bytes);
        }

        return new DatasetManifest
        {
            Description = source.Description,
            Tokenizer = tokenizer.Fingerprint,
            Training = training.Complete(),
            Validation = validation.Complete(),
            TrainingDocuments = training.Documents,
            ValidationDocuments = validation.Documents,
            TrainingBytes = training.Bytes,
            ValidationBytes = validation.Bytes,
            UnigramEntropy = UnigramEntropy.Measure(training.TokenCounts, validation.TokenCounts),
        };
    }
}
