using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Data.Shards;

/// <summary>Makes a dataset of token files, of which nothing but pieces is read.</summary>
internal static class TokenFilesDataset
{
    /// <summary>The most tokens at the end that are held out where no file is: as many as llm.c's validation shard has.</summary>
    public const long MostHeldOut = 100_000_000;

    /// <summary>Opens the files as one text, in the order given.</summary>
    /// <exception cref="InputException">There are too few tokens, or one of the pieces read is beyond the vocabulary.</exception>
    public static TokenDataset Open(
        IReadOnlyList<FoundTokens> found,
        (Tokenizer Tokenizer, string Path) with,
        CorpusOptions options,
        CancellationToken cancellation
    )
    {
        var vocabulary = with.Tokenizer.VocabularySize;
        TokenSequence training = new ShardedTokens(found.SelectMany(tokens => tokens.Training), vocabulary);
        TokenSequence validation = new ShardedTokens(found.SelectMany(tokens => tokens.Validation), vocabulary);
        if (validation.Count == 0)
        {
            validation.Dispose();
            (training, validation) = HoldOutEnd(training, options.ValidationFraction);
        }

        try
        {
            var pieces = string.Join(
                ' ',
                ((TokenSequence[])[training, validation]).Select(tokens => TokenFingerprint.Of(tokens, cancellation))
            );
            var fingerprint = XxHash128
                .HashToUInt128(Encoding.UTF8.GetBytes($"{with.Tokenizer.Fingerprint} {pieces}"))
                .ToString("x32", CultureInfo.InvariantCulture);
            return new TokenDataset(
                with.Tokenizer,
                with.Path,
                training,
                validation,
                fingerprint,
                string.Join("; ", found.Select(tokens => tokens.Description))
            )
            {
                TrainingDocuments = Sum(found, manifest => manifest.TrainingDocuments),
                ValidationDocuments = Sum(found, manifest => manifest.ValidationDocuments),
                TrainingBytes = Sum(found, manifest => manifest.TrainingBytes),
                ValidationBytes = Sum(found, manifest => manifest.ValidationBytes),
            };
        }
        catch
        {
            training.Dispose();
            validation.Dispose();
            throw;
        }
    }

    private static (TokenSequence Training, TokenSequence Validation) HoldOutEnd(TokenSequence all, double fraction)
    {
        var heldOut = (long)Math.Min(Math.Ceiling(all.Count * fraction), Math.Min(MostHeldOut, all.Count));
        return (new TokenSlice(all, 0, all.Count - heldOut), new TokenSlice(all, all.Count - heldOut, heldOut));
    }

    // What a share at the end comes to, nobody knows.
    private static long? Sum(IReadOnlyList<FoundTokens> found, Func<TokenFolderManifest, long?> of) =>
        found.All(tokens => tokens.Validation.Count > 0 && tokens.Manifest is { } manifest && of(manifest) is not null)
            ? found.Sum(tokens => of(tokens.Manifest!))
            : null;
}
