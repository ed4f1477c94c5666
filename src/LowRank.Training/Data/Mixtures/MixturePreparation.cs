using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LowRank.Training.Data.Shards;
using LowRank.Training.Documents;

namespace LowRank.Training.Data.Mixtures;

/// <summary>Prepares several texts that are read by weight: each as it would be alone, all with one tokenizer.</summary>
internal static class MixturePreparation
{
    /// <summary>The mixture of the options' paths.</summary>
    /// <exception cref="InputException">An option or a text can't be used.</exception>
    public static TokenDataset Prepare(CorpusOptions options, IProgress<string>? progress, CancellationToken cancellation)
    {
        var parts = MixtureParts.Of(options);
        var found = options.TextPaths.Select(path => (Path: path, Tokens: TokenSearch.Find(path))).ToList();
        var texts = found
            .Select(source => source.Tokens is null ? options with { TextPaths = [source.Path], TextWeights = [] } : null)
            .Select(alone => alone is null ? null : alone with { Source = TokenDataset.Source(alone, cancellation) })
            .ToList();
        var tokenizer = Tokenizer(
            options,
            parts,
            [.. found.Select(source => source.Tokens).OfType<FoundTokens>()],
            texts,
            progress,
            cancellation
        );
        var sources = new List<TokenDataset>();
        try
        {
            for (var source = 0; source < found.Count; source++)
            {
                sources.Add(
                    found[source].Tokens is { } tokens
                        ? TokenFilesDataset.Open(
                            [tokens],
                            TokensTokenizer.For([tokens], options with { TokenizerPath = tokenizer }),
                            options,
                            cancellation
                        )
                        : TokenDataset.PrepareText(texts[source]! with { TokenizerPath = tokenizer }, progress, cancellation)
                );
            }

            return Mix(new TokenMixture(sources, options.TextPaths, parts));
        }
        catch
        {
            sources.ForEach(source => source.Dispose());
            throw;
        }
    }

    /// <summary>Looks for the paths without reading them.</summary>
    /// <exception cref="InputException">One of them isn't there, or can't be used.</exception>
    public static void Check(CorpusOptions options)
    {
        var tokens = new List<FoundTokens>();
        foreach (var path in options.TextPaths)
        {
            if (TokenSearch.Find(path) is { } found)
                tokens.Add(found);
            else
                _ = TextFileSearch.Find([path], CancellationToken.None);
        }

        if (tokens.Count > 0)
            _ = TokensTokenizer.For(tokens, options);
    }

    /// <summary>
    /// Where the one tokenizer lies: the one that is named or beside tokens, or one that is trained on the texts by weight.
    /// </summary>
    private static string Tokenizer(
        CorpusOptions options,
        IReadOnlyList<int> parts,
        IReadOnlyList<FoundTokens> tokens,
        IReadOnlyList<CorpusOptions?> texts,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        if (tokens.Count > 0)
            return TokensTokenizer.For(tokens, options).Path;
        return options.TokenizerPath ?? MixtureTokenizer.Find([.. texts.Select(text => text!)], parts, progress, cancellation);
    }

    private static TokenDataset Mix(TokenMixture mixture)
    {
        var (sources, first) = (mixture.Sources, mixture.Sources[0]);
        var said = string.Join(
            ' ',
            sources.Select((source, i) => string.Create(CultureInfo.InvariantCulture, $"{mixture.Parts[i]} {source.Fingerprint}"))
        );
        var description = string.Join("; ", sources.Select((source, i) => $"{mixture.Percent(i)} {source.Description}"));
        return new TokenDataset(
            first.Tokenizer,
            first.TokenizerPath,
            new JoinedTokens([.. sources.Select(source => source.Training)]),
            new JoinedTokens([.. sources.Select(source => source.Validation)]),
            XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(said)).ToString("x32", CultureInfo.InvariantCulture),
            description
        )
        {
            Mixture = mixture,
            Skipped = [.. sources.SelectMany(source => source.Skipped)],
            TrainingDocuments = Sum(sources, source => source.TrainingDocuments),
            ValidationDocuments = Sum(sources, source => source.ValidationDocuments),
            TrainingBytes = Sum(sources, source => source.TrainingBytes),
            ValidationBytes = Sum(sources, source => source.ValidationBytes),
        };
    }

    private static long? Sum(IReadOnlyList<TokenDataset> sources, Func<TokenDataset, long?> of) =>
        sources.All(source => of(source) is not null) ? sources.Sum(of) : null;
}
