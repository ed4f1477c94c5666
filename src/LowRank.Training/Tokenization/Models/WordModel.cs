namespace LowRank.Training.Tokenization.Models;

/// <summary>Makes ids of words, as a pre-tokenizer cut them. Safe for threads.</summary>
internal abstract class WordModel
{
    /// <summary>Adds the ids of <paramref name="word"/> to <paramref name="destination"/>.</summary>
    public abstract void Encode(ReadOnlySpan<byte> word, List<int> destination, CancellationToken cancellation = default);
}
