using LowRank.Training.Data.Shards;

namespace LowRank.Training.Pipelines;

/// <summary>How documents become tokens.</summary>
internal sealed record TokensOptions
{
    private const int SmallestVocabulary = 257;

    /// <summary>A <c>tokenizer.json</c>; null for one that is trained on what is left.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Number of ids of a trained tokenizer.</summary>
    public int Vocabulary { get; init; } = 32768;

    /// <summary>Bytes of text that it is trained on, drawn evenly from all documents.</summary>
    public long SampleBytes { get; init; } = 500_000_000;

    /// <summary>The format of the files.</summary>
    public TokenFileFormat Format { get; init; }

    /// <summary>Tokens in a file.</summary>
    public long ShardTokens { get; init; } = ShardOptions.UsualTokens;

    /// <summary>The share of the documents that is held out for validation.</summary>
    public double ValidationFraction { get; init; } = 0.001;

    /// <summary>Whether the first file is held out instead, as in llm.c's data.</summary>
    public bool HoldOutFirstShard { get; init; }

    /// <summary>Whether the texts of special tokens in documents become the tokens; only for text that is trusted.</summary>
    public bool SpecialTokens { get; init; }

    /// <summary>Refuses numbers that mean nothing.</summary>
    /// <exception cref="InputException">One of them, by its key.</exception>
    public void Check()
    {
        if (Vocabulary < SmallestVocabulary)
            throw Wrong($"vocabulary is {Vocabulary}; the bytes and the end of text alone are {SmallestVocabulary}");
        if (SampleBytes < 1)
            throw Wrong($"sampleBytes is {SampleBytes}; give some text to train a tokenizer on");
        if (ShardTokens < 1)
            throw Wrong($"shardTokens is {ShardTokens}; choose a number of at least 1");
        if (ValidationFraction >= 1)
            throw Wrong($"validationFraction is {ValidationFraction}; choose a share below 1");
    }

    private static InputException Wrong(FormattableString what) => new(FormattableString.Invariant(what));
}
