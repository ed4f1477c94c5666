namespace LowRank.Training.Tokenization;

/// <summary>How many bytes of text tokens stand for; special tokens for none.</summary>
/// <param name="tokenizer">The tokens' tokenizer.</param>
internal sealed class TokenSizes(Tokenizer tokenizer)
{
    /// <summary>
    /// The bytes of tokens behind another one: some tokenizers leave out the space before the first token of a text, which none of these
    /// is. Ids that the tokenizer hasn't have none.
    /// </summary>
    /// <param name="before">The token before them.</param>
    /// <param name="ids">The tokens.</param>
    public long Behind(long before, ReadOnlySpan<long> ids)
    {
        var text = new List<int>(ids.Length + 1);
        Add(before);
        var start = tokenizer.Decode(text).Length;
        foreach (var id in ids)
            Add(id);
        return tokenizer.Decode(text).Length - start;

        void Add(long id)
        {
            if (id >= 0 && id < tokenizer.VocabularySize)
                text.Add((int)id);
        }
    }
}
