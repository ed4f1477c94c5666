using System.IO.Hashing;

namespace LowRank.Training.Tokenization;

/// <summary>Numbers distinct byte strings 0, 1, 2 … in the order in which they are added. Not safe for threads.</summary>
internal sealed class WordTable
{
    private byte[] bytes = new byte[1 << 12];
    private int[] ends = new int[1 << 8];
    private ulong[] hashes = new ulong[1 << 8];

    /// <summary>Open addressing: the number of a word plus one, or zero for a free slot. A power of two, at most half full.</summary>
    private int[] slots = new int[1 << 9];

    public int Count { get; private set; }

    /// <summary>Bytes of all words together.</summary>
    public int TotalBytes => Count == 0 ? 0 : ends[Count - 1];

    public ReadOnlySpan<byte> this[int word] => bytes.AsSpan(Start(word)..ends[word]);

    /// <summary>The number of <paramref name="word"/>, or −1 when it was never added.</summary>
    public int Find(ReadOnlySpan<byte> word) => slots[FindSlot(word, XxHash3.HashToUInt64(word))] - 1;

    /// <summary>The number of <paramref name="word"/>, which is new when it equals the count before the call.</summary>
    public int FindOrAdd(ReadOnlySpan<byte> word)
    {
        var hash = XxHash3.HashToUInt64(word);
        var slot = FindSlot(word, hash);
        if (slots[slot] != 0)
            return slots[slot] - 1;

        var number = Count;
        var start = TotalBytes;
        var end = checked(start + word.Length);
        if (end > bytes.Length)
            Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, 2L * bytes.Length)));

        if (number == ends.Length)
        {
            Array.Resize(ref ends, 2 * number);
            Array.Resize(ref hashes, 2 * number);
        }

        word.CopyTo(bytes.AsSpan(start));
        ends[number] = end;
        hashes[number] = hash;
        slots[slot] = number + 1;
        Count = number + 1;
        if (2 * Count > slots.Length)
            Grow();

        return number;
    }

    private int Start(int word) => word == 0 ? 0 : ends[word - 1];

    private int FindSlot(ReadOnlySpan<byte> word, ulong hash)
    {
        var mask = slots.Length - 1;
        var slot = (int)hash & mask;
        while (slots[slot] != 0)
        {
            var candidate = slots[slot] - 1;
            if (hashes[candidate] == hash && this[candidate].SequenceEqual(word))
                break;

            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        slots = new int[2 * slots.Length];
        var mask = slots.Length - 1;
        for (var word = 0; word < Count; word++)
        {
            var slot = (int)hashes[word] & mask;
            while (slots[slot] != 0)
                slot = (slot + 1) & mask;

            slots[slot] = word + 1;
        }
    }
}
