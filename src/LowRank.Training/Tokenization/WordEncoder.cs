using LowRank.Training.Tokenization.Models;

namespace LowRank.Training.Tokenization;

/// <summary>Merges the bytes of one word. Safe for threads.</summary>
internal sealed class WordEncoder : WordModel
{
    private readonly int[] idOfByte;
    private readonly PairMerges merges;

    /// <summary>The ids of whole entries, where those go before the merges.</summary>
    private readonly EntryTable? entries;

    public WordEncoder(BytePairVocabulary vocabulary)
    {
        idOfByte = vocabulary.IdOfByte;
        merges = new PairMerges(vocabulary.Merges);
        if (vocabulary.IgnoreMerges)
        {
            entries = new EntryTable();
            // Of two that stand for the same bytes the first is meant.
            for (var id = vocabulary.Size - 1; id >= 0; id--)
            {
                if (vocabulary.Texts[id].Length > 0)
                    entries.Add(vocabulary.Texts[id], id);
            }
        }
    }

    /// <summary>Adds the ids of <paramref name="word"/> to <paramref name="destination"/>.</summary>
    public override void Encode(ReadOnlySpan<byte> word, List<int> destination, CancellationToken cancellation = default)
    {
        if (entries?.Find(word) is >= 0 and var entry)
        {
            destination.Add(entry);
            return;
        }

        Span<int> ids = word.Length <= PairMerges.LongestScanned ? stackalloc int[PairMerges.LongestScanned] : new int[word.Length];
        for (var i = 0; i < word.Length; i++)
            ids[i] = idOfByte[word[i]];
        merges.Merge(ids[..word.Length], destination, cancellation);
    }
}
