namespace LowRank.Training.Tokenization.Models;

/// <summary>Words are entries as a whole, or unknown.</summary>
/// <param name="entries">The vocabulary.</param>
/// <param name="unknown">The id of all other words; null where they are an error.</param>
internal sealed class WordLevel(EntryTable entries, int? unknown) : WordModel
{
    /// <exception cref="InputException">The word has no entry, and there is none for such words.</exception>
    public override void Encode(ReadOnlySpan<byte> word, List<int> destination, CancellationToken cancellation = default)
    {
        var id = entries.Find(word);
        destination.Add(
            id >= 0
                ? id
                : unknown
                    ?? throw new InputException(
                        "The tokenizer has no entry for words that it doesn't know (unk_token), and the text holds one; use another tokenizer."
                    )
        );
    }
}
