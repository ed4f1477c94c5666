namespace LowRank.Training.Tokenization;

/// <summary>The vocabulary of a byte-level byte-pair model.</summary>
internal sealed class BytePairVocabulary
{
    /// <summary>Number of ids: the largest one plus one.</summary>
    public int Size => Texts.Length;

    /// <summary>The id of each byte value.</summary>
    public required int[] IdOfByte { get; init; }

    /// <summary>Pairs of ids in the order in which they are merged, and the id that each pair becomes.</summary>
    public required IReadOnlyList<(int Left, int Right, int Product)> Merges { get; init; }

    /// <summary>The bytes of every id that text is made of; empty for special tokens and for ids that stand for nothing.</summary>
    public required byte[][] Texts { get; init; }

    /// <summary>Whether a word that is an entry as a whole becomes that entry even when the merges would not lead there.</summary>
    public required bool IgnoreMerges { get; init; }

    /// <summary>The vocabulary of a trained tokenizer: the bytes in alphabet order, the merges' products, the end-of-text token.</summary>
    public static BytePairVocabulary FromMerges(IReadOnlyList<(int Left, int Right)> merges)
    {
        var texts = new TokenTexts();
        var products = new List<(int Left, int Right, int Product)>(merges.Count);
        foreach (var (left, right) in merges)
            products.Add((left, right, texts.Join(left, right)));

        var idOfByte = new int[256];
        var bytes = new byte[texts.Count + 1][];
        for (var id = 0; id < texts.Count; id++)
        {
            bytes[id] = texts[id].ToArray();
            if (id < 256)
                idOfByte[bytes[id][0]] = id;
        }

        bytes[^1] = [];
        return new BytePairVocabulary
        {
            IdOfByte = idOfByte,
            Merges = products,
            Texts = bytes,
            IgnoreMerges = false,
        };
    }
}
