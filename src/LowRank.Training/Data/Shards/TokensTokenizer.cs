using System.Globalization;
using LowRank.Training.Tokenization;
using LowRank.Training.Wording;

namespace LowRank.Training.Data.Shards;

/// <summary>The tokenizer that token files were made with: the one that is named, or the one beside them.</summary>
internal static class TokensTokenizer
{
    /// <summary>The tokenizer, and where it is kept.</summary>
    /// <exception cref="InputException">There is none, or several that differ, or it doesn't fit the model or the tokens.</exception>
    public static (Tokenizer Tokenizer, string Path) For(IReadOnlyList<FoundTokens> found, CorpusOptions options)
    {
        var path =
            options.TokenizerPath
            ?? found.Select(tokens => tokens.Tokenizer).FirstOrDefault(beside => beside is not null)
            ?? throw InputException.Naming(
                $"'{found[0].Path}' holds tokens without the tokenizer that they were made with; put its tokenizer.json beside them, or name it with {new OptionName(nameof(CorpusOptions.TokenizerPath))}."
            );
        var tokenizer = TokenDataset.LoadTokenizer(path, options.Vocabulary);
        foreach (var tokens in found)
            Check(tokens, tokenizer, path);
        return (tokenizer, path);
    }

    private static void Check(FoundTokens tokens, Tokenizer tokenizer, string path)
    {
        if (
            tokens.Manifest is { } manifest
            && (manifest.Vocabulary != tokenizer.VocabularySize || manifest.EndOfText != tokenizer.EndOfText)
        )
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{tokens.Path}' was made with a tokenizer of {manifest.Vocabulary} entries of which {manifest.EndOfText} ends documents; '{path}' has {tokenizer.VocabularySize}, and {tokenizer.EndOfText}. Give the tokenizer that the tokens were made with."
                )
            );
        }

        if (tokens.Tokenizer is { } beside && beside != path && !tokenizer.HasSameIds(Tokenizer.Load(beside)))
        {
            throw new InputException(
                $"'{tokens.Path}' was made with the tokenizer beside it, and '{path}' gives other ids; give that one, or tokens made with this one."
            );
        }
    }
}
