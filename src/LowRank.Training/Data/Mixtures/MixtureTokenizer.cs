using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LowRank.Training.Files;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Data.Mixtures;

/// <summary>
/// A tokenizer for texts that are read by weight: trained on as much of each as its weight says, which is all of the scarcest, and of the
/// others documents chosen by their hash. It is kept in the cache folder.
/// </summary>
internal static class MixtureTokenizer
{
    /// <summary>Part of the cache's key; counted up when the same texts would give another tokenizer.</summary>
    private const int AlgorithmVersion = 1;

    // Another choice than that of the documents held out.
    private const long ChoiceSeed = 1;

    /// <summary>Where it lies, after it was trained if the cache doesn't have it.</summary>
    /// <param name="texts">The texts, of which each has its documents as its source.</param>
    /// <param name="parts">Their weights.</param>
    /// <param name="progress">Told what is being done, unless the cache has it.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InputException">A text can't be read, or the cache folder can't be written.</exception>
    /// <exception cref="NoSpaceException">The cache folder has no room.</exception>
    public static string Find(
        IReadOnlyList<CorpusOptions> texts,
        IReadOnlyList<int> parts,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        var name = $"{Key(texts, parts)}.tokenizer.json";
        var cache = texts[0].CacheDirectory;
        foreach (var folder in CacheFolder.ToRead(cache))
        {
            if (Path.Combine(folder, name) is var known && File.Exists(known))
                return known;
        }

        var root = CacheFolder.Resolve(cache);
        try
        {
            var path = Path.Combine(root, name);
            Train(texts, parts, root, progress, cancellation).Save(path);
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SystemLimit.Refusal($"The tokenizer cannot be kept in '{root}'", exception, "name another cache folder");
        }
    }

    private static Tokenizer Train(
        IReadOnlyList<CorpusOptions> texts,
        IReadOnlyList<int> parts,
        string folder,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        var spools = new List<DocumentSpool>();
        try
        {
            foreach (var text in texts)
            {
                progress?.Report($"Reading {text.Source!.Description}");
                // Read anew: a source remembers what it has passed over, which belongs to its own preparation.
                var source = TokenDataset.Source(text with { Source = null }, cancellation);
                spools.Add(
                    DocumentSpool.Fill(AtomicFile.UnfinishedName(Path.Combine(folder, "documents")), source, progress, cancellation)
                );
            }

            var each = spools.Select((spool, i) => (double)spool.Bytes / parts[i]).Min();
            progress?.Report(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Training a tokenizer of {texts[0].Vocabulary} entries on {each * parts.Sum() / 1e6:0.0} MB of {texts.Count} texts by weight"
                )
            );
            var trainer = new BytePairTrainer();
            for (var i = 0; i < spools.Count; i++)
                Add(trainer, spools[i], texts[i].ValidationFraction, each * parts[i] / spools[i].Bytes, cancellation);
            return trainer.Train(texts[0].Vocabulary, cancellation);
        }
        finally
        {
            spools.ForEach(spool => spool.Dispose());
        }
    }

    private static void Add(
        BytePairTrainer trainer,
        DocumentSpool spool,
        double validationFraction,
        double share,
        CancellationToken cancellation
    )
    {
        // A text of one document is refused when it is prepared.
        if (spool.LowestHash >= spool.HighestHash)
            return;
        var split = CorpusSplit.ByHash(validationFraction, spool.LowestHash, spool.HighestHash);
        // Double precision doesn't hold the largest hash: at a share of 1 every document is taken.
        var threshold = share >= 1 ? ulong.MaxValue : (ulong)(share * ulong.MaxValue);
        foreach (var document in spool.ReadDocuments())
        {
            if (!split.IsValidation(document) && XxHash3.HashToUInt64(document, ChoiceSeed) <= threshold)
                trainer.Add(document, cancellation);
        }
    }

    private static string Key(IReadOnlyList<CorpusOptions> texts, IReadOnlyList<int> parts)
    {
        var inputs = new StringBuilder();
        inputs.Append(CultureInfo.InvariantCulture, $"{AlgorithmVersion}\n{texts[0].Vocabulary}\n{texts[0].ValidationFraction:R}\n");
        for (var i = 0; i < texts.Count; i++)
            inputs.Append(CultureInfo.InvariantCulture, $"{parts[i]}\n{texts[i].Source!.Identity}\n");
        return XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(inputs.ToString())).ToString("x32", CultureInfo.InvariantCulture);
    }
}
