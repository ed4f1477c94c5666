namespace LowRank.Training.Filtering;

/// <summary>Places of words in a text, in order. Kept and filled again for every text, so that a word costs no allocation.</summary>
internal sealed class WordList
{
    private int[] starts = new int[1024];
    private int[] lengths = new int[1024];

    /// <summary>How many words there are.</summary>
    public int Count { get; private set; }

    /// <summary>Where each word begins, in UTF-16 units from the text's beginning.</summary>
    public ReadOnlySpan<int> Starts => starts.AsSpan(0, Count);

    /// <summary>How long each word is, in UTF-16 units.</summary>
    public ReadOnlySpan<int> Lengths => lengths.AsSpan(0, Count);

    /// <summary>Forgets all words.</summary>
    public void Clear() => Count = 0;

    /// <summary>Forgets all words but the first <paramref name="count"/>.</summary>
    public void Truncate(int count) => Count = count;

    /// <summary>Appends a word.</summary>
    /// <param name="start">Where it begins, in UTF-16 units.</param>
    /// <param name="length">Its UTF-16 units, at least one.</param>
    public void Add(int start, int length)
    {
        if (Count == starts.Length)
        {
            Array.Resize(ref starts, Count * 2);
            Array.Resize(ref lengths, Count * 2);
        }

        starts[Count] = start;
        lengths[Count] = length;
        Count++;
    }
}
