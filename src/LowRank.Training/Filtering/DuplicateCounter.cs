using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;

namespace LowRank.Training.Filtering;

/// <summary>Counts pieces of one text that stood in it before, such as lines. Kept and used again for every text.</summary>
internal sealed class DuplicateCounter
{
    private (int Start, int Length)[] pieces = new (int, int)[64];
    private ulong[] hashes = new ulong[64];
    private int[] slots = new int[128];
    private int mask;
    private int distinct;

    /// <summary>How many pieces stood in the text before.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Their code points.</summary>
    public int DuplicateCharacters { get; private set; }

    /// <summary>How many pieces there were.</summary>
    public int Total { get; private set; }

    /// <summary>Begins a text that has at most <paramref name="most"/> pieces.</summary>
    public void Begin(int most)
    {
        if (pieces.Length < most)
        {
            pieces = new (int, int)[most];
            hashes = new ulong[most];
        }

        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, most * 2));
        if (slots.Length < size)
            slots = new int[size];
        slots.AsSpan(0, size).Clear();
        mask = size - 1;
        distinct = 0;
        Total = Duplicates = DuplicateCharacters = 0;
    }

    /// <summary>Counts the piece of <paramref name="text"/>, the same in every call, from <paramref name="start"/> on.</summary>
    public void Add(ReadOnlySpan<char> text, int start, int length)
    {
        Total++;
        var piece = text.Slice(start, length);
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(piece));
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var known = slots[slot] - 1;
            if (known < 0)
            {
                pieces[distinct] = (start, length);
                hashes[distinct] = hash;
                slots[slot] = ++distinct;
                return;
            }

            if (hashes[known] == hash && text.Slice(pieces[known].Start, pieces[known].Length).SequenceEqual(piece))
            {
                Duplicates++;
                DuplicateCharacters += PythonText.Length(piece);
                return;
            }
        }
    }
}
