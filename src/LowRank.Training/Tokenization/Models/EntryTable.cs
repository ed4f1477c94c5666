namespace LowRank.Training.Tokenization.Models;

/// <summary>A vocabulary: from texts to ids. Once filled it is safe for threads.</summary>
internal sealed class EntryTable
{
    private readonly WordTable texts = new();
    private readonly List<int> ids = [];

    /// <summary>Bytes of the longest entry.</summary>
    public int Longest { get; private set; }

    /// <summary>Adds an entry; of two of one text the last counts.</summary>
    public void Add(ReadOnlySpan<byte> text, int id)
    {
        Longest = Math.Max(Longest, text.Length);
        var number = texts.FindOrAdd(text);
        if (number == ids.Count)
            ids.Add(id);
        else
            ids[number] = id;
    }

    /// <summary>The id of a text, or −1.</summary>
    public int Find(ReadOnlySpan<byte> text) => texts.Find(text) is >= 0 and var number ? ids[number] : -1;
}
