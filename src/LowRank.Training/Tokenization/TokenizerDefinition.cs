using LowRank.Training.Tokenization.Added;
using LowRank.Training.Tokenization.Decoding;
using LowRank.Training.Tokenization.Models;
using LowRank.Training.Tokenization.Normalization;
using LowRank.Training.Tokenization.Splitting;

namespace LowRank.Training.Tokenization;

/// <summary>What a <c>tokenizer.json</c> says.</summary>
internal sealed class TokenizerDefinition
{
    /// <summary>How every id is written; null for ids that stand for nothing.</summary>
    public required string?[] Names { get; init; }

    /// <summary>How text is rewritten first; null for not at all.</summary>
    public TextNormalizer? Normalizer { get; init; }

    /// <summary>How it is cut into words.</summary>
    public required IReadOnlyList<SplitStep> Steps { get; init; }

    /// <summary>How words become ids.</summary>
    public required WordModel Model { get; init; }

    /// <summary>Whether the model takes any bytes; else it takes UTF-8 alone.</summary>
    public bool TakesAnyBytes { get; init; }

    /// <summary>Tokens that are found in text as a whole.</summary>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>What stands before a text.</summary>
    public IReadOnlyList<int> Before { get; init; } = [];

    /// <summary>The steps from tokens to text; null where every token's bytes are its own.</summary>
    public IReadOnlyList<DecoderPart>? Decoder { get; init; }

    /// <summary>The token that ends documents.</summary>
    public required int EndOfText { get; init; }

    /// <summary>The ids of special tokens that files beside it name.</summary>
    public SpecialTokenIds Ids { get; init; } = SpecialTokenIds.None;

    /// <summary>What the file asks for and isn't done, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
