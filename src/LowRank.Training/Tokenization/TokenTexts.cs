namespace LowRank.Training.Tokenization;

/// <summary>
/// The bytes of each token, while a vocabulary grows from the 256 bytes. Two merges can make the same text (ab+c and a+bc); they then
/// make the same token, since a vocabulary is a map from texts to ids.
/// </summary>
internal sealed class TokenTexts
{
    private readonly WordTable texts = new();

    public TokenTexts()
    {
        foreach (var value in ByteAlphabet.BytesInOrder)
            texts.FindOrAdd([value]);
    }

    public int Count => texts.Count;

    public ReadOnlySpan<byte> this[int id] => texts[id];

    /// <summary>The id of the joined text of two tokens.</summary>
    public int Join(int left, int right) => texts.FindOrAdd([.. texts[left], .. texts[right]]);
}
