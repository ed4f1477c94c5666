using System.Globalization;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Data.Shards;

/// <summary>How the tokens of all units become a folder of token files.</summary>
internal sealed record ShardOptions
{
    /// <summary>As many as llm.c's data have.</summary>
    public const long UsualTokens = 100_000_000;

    /// <summary>The folder that is filled; made when it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>The tokenizer that the units were encoded with; it is put beside the tokens.</summary>
    public required Tokenizer Tokenizer { get; init; }

    /// <summary>What the text is, in a few words for reports.</summary>
    public required string Description { get; init; }

    public TokenFileFormat Format { get; init; }

    /// <summary>Tokens in each shard but the last; nanoGPT's files are one for each split in any case.</summary>
    public long ShardTokens { get; init; } = UsualTokens;

    /// <summary>
    /// Whether the first so many tokens are held out, as in llm.c's data; otherwise what the units hold out by documents, which may be
    /// nothing.
    /// </summary>
    public bool HoldsOutFirstShard { get; init; }

    /// <summary>How the files of llm.c's format begin.</summary>
    public string Name { get; init; } = "tokens";

    /// <exception cref="InputException">The format can't hold what is asked for.</exception>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ShardTokens);
        if (Format == TokenFileFormat.NanoGpt && Tokenizer.VocabularySize > TokenWidth.LargestShort)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"nanoGPT's files have two bytes for a token, too few for a vocabulary of {Tokenizer.VocabularySize}; write lowrank or llm.c, or take a tokenizer of at most {TokenWidth.LargestShort} entries."
                )
            );
        }

        if (Format == TokenFileFormat.LlmC && ShardTokens > int.MaxValue)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A shard of {ShardTokens} tokens is too large for llm.c, which counts them in 32 bits; ask for at most {int.MaxValue}, such as {UsualTokens}."
                )
            );
        }
    }
}
