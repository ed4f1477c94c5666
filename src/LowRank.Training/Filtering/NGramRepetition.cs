using System.Numerics;
using System.Runtime.InteropServices;

namespace LowRank.Training.Filtering;

/// <summary>
/// How much of a text is n words in a row that it holds more than once. Equal hashes are compared character by character, so that every
/// number is exact. Kept and used again for every text.
/// </summary>
/// <remarks>
/// The hash of n words in a row comes from those of all words before their beginning and their end (Rabin and Karp), so that it costs the
/// same whatever n is.
/// </remarks>
internal sealed class NGramRepetition
{
    private const ulong Base = 0x9E3779B97F4A7C15;
    private const ulong Mix = 0xD6E8FEB86659FD93;
    private const ulong TagBits = 0xFFFFFFFF_00000000;

    // Sixteen characters are mostly three to four words; fewer are repeated more often, and n-grams of less are compared with all.
    private const int BeginningLength = 16;

    // The characters of all words without anything between them, and where each word begins in them; one more place for the end.
    private char[] characters = new char[4096];
    private int[] offsets = new int[1024];
    private int[] codePoints = new int[1024];
    private ulong[] prefixHashes = new ulong[1024];
    private ulong[] powers = [1];
    private bool hasPairs;

    // The upper half of a hash, and the first word of its n-gram plus one; 0 is free.
    private ulong[] slots = new ulong[4096];
    private int[] counts = new int[1024];

    // The first place of the n-gram at each place, and the n of both.
    private int[] firsts = new int[1024];
    private int countedWords;

    private readonly List<int> beginnings = [];
    private bool[] isBeginning = [];

    /// <summary>How many words there are.</summary>
    public int Words { get; private set; }

    /// <summary>Takes the words of a text.</summary>
    public void Begin(ReadOnlySpan<char> text, WordList words)
    {
        Words = words.Count;
        countedWords = 0;
        if (characters.Length < text.Length)
            characters = new char[Math.Max(text.Length, characters.Length * 2)];
        if (offsets.Length <= Words)
        {
            var size = Math.Max(Words + 1, offsets.Length * 2);
            offsets = new int[size];
            codePoints = new int[size];
            prefixHashes = new ulong[size];
            counts = new int[size];
            firsts = new int[size];
        }

        var starts = words.Starts;
        var lengths = words.Lengths;
        var end = 0;
        var hash = 0UL;
        for (var i = 0; i < lengths.Length; i++)
        {
            offsets[i] = end;
            prefixHashes[i] = hash;
            foreach (var value in text.Slice(starts[i], lengths[i]))
            {
                hash = (hash * Base) + value + 1;
                characters[end++] = value;
            }
        }

        offsets[Words] = end;
        prefixHashes[Words] = hash;
        CountCodePoints(end);
    }

    /// <summary>
    /// Code points of the most frequent n words in a row, with a space between each two, times how often they stand in the text; of equally
    /// frequent ones the first. It may stand in it once.
    /// </summary>
    /// <param name="n">Words in a row, at least one and at most <see cref="Words"/>.</param>
    public long TopCharacters(int n)
    {
        var mask = ClearSlots(Words - n + 1);
        var best = 0;
        var bestCount = 0;
        for (var i = 0; i + n <= Words; i++)
        {
            var first = FindOrAdd(i, n, mask, sameWords: true);
            firsts[i] = first;
            var count = first == i ? counts[i] = 1 : ++counts[first];
            if (count > bestCount || (count == bestCount && first < best))
            {
                bestCount = count;
                best = first;
            }
        }

        countedWords = n;
        return (CodePoints(best, n) + n - 1L) * bestCount;
    }

    /// <summary>
    /// A number that <see cref="TopCharacters"/> doesn't exceed for <paramref name="n"/>, found without comparing n-grams: one is no more
    /// frequent than the fewer words that it begins with and that were counted last.
    /// </summary>
    public long MostTopCharacters(int n)
    {
        if (countedWords == 0 || n < countedWords)
            return long.MaxValue;

        var most = 0L;
        for (var i = 0; i + n <= Words; i++)
            most = Math.Max(most, counts[firsts[i]] * (offsets[i + n] - offsets[i] + n - 1L));
        return most;
    }

    /// <summary>
    /// Looks for words after which the same characters follow as after other words: only n-grams that begin there can be duplicates, and
    /// most texts have few.
    /// </summary>
    /// <param name="least">The fewest words in a row that <see cref="DuplicateCharacters"/> will be asked for.</param>
    public void FindBeginnings(int least)
    {
        beginnings.Clear();
        var places = Words - least + 1;
        if (places <= 0)
            return;

        var mask = ClearSlots(places);
        if (isBeginning.Length < places)
            isBeginning = new bool[offsets.Length];
        isBeginning.AsSpan(0, places).Clear();
        for (var i = 0; i < places; i++)
        {
            // What is shorter is compared with everything.
            if (offsets[i + least] - offsets[i] < BeginningLength)
            {
                isBeginning[i] = true;
                continue;
            }

            var hash = BeginningHash(characters.AsSpan(offsets[i], BeginningLength));
            var tag = hash & TagBits;
            for (var slot = (int)(hash >> 32) & mask; ; slot = (slot + 1) & mask)
            {
                var entry = slots[slot];
                if (entry == 0)
                {
                    slots[slot] = tag | (uint)(i + 1);
                    break;
                }

                // An equal hash of others only costs a comparison later.
                if ((entry & TagBits) == tag)
                {
                    isBeginning[i] = isBeginning[(int)(uint)entry - 1] = true;
                    break;
                }
            }
        }

        for (var i = 0; i < places; i++)
        {
            if (isBeginning[i])
                beginnings.Add(i);
        }
    }

    /// <summary>
    /// Code points of n words in a row that stood in the text before, without spaces. After such words the search goes on behind them,
    /// so that no word counts twice; words are the same if their characters are, wherever one ends and the next begins.
    /// </summary>
    /// <param name="n">Words in a row, no fewer than <see cref="FindBeginnings"/> was told.</param>
    public int DuplicateCharacters(int n)
    {
        var mask = ClearSlots(beginnings.Count);
        var duplicates = 0;
        var next = 0;
        foreach (var i in beginnings)
        {
            if (i + n > Words)
                break;
            if (i < next || FindOrAdd(i, n, mask, sameWords: false) == i)
                continue;

            duplicates += CodePoints(i, n);
            next = i + n;
        }

        return duplicates;
    }

    private static ulong BeginningHash(ReadOnlySpan<char> text)
    {
        var parts = MemoryMarshal.Cast<char, ulong>(text);
        var hash =
            ((parts[0] * Base) ^ BitOperations.RotateLeft(parts[1] * Mix, 29))
            + ((parts[2] * Mix) ^ BitOperations.RotateLeft(parts[3] * Base, 47));
        return (hash ^ (hash >> 31)) * Mix;
    }

    private int CodePoints(int first, int n) => hasPairs ? codePoints[first + n] - codePoints[first] : offsets[first + n] - offsets[first];

    private void CountCodePoints(int end)
    {
        hasPairs = characters.AsSpan(0, end).ContainsAnyInRange('\uD800', '\uDFFF');
        if (!hasPairs)
            return;

        codePoints[0] = 0;
        for (var i = 0; i < Words; i++)
            codePoints[i + 1] = codePoints[i] + PythonText.Length(characters.AsSpan(offsets[i]..offsets[i + 1]));
    }

    private int ClearSlots(int entries)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, entries * 2));
        if (slots.Length < size)
            slots = new ulong[size];
        slots.AsSpan(0, size).Clear();
        return size - 1;
    }

    // The first word of the first n-gram equal to that of word i; i itself if there is none.
    private int FindOrAdd(int i, int n, int mask, bool sameWords)
    {
        var hash = (prefixHashes[i + n] - (prefixHashes[i] * Power(offsets[i + n] - offsets[i]))) * Mix;
        var tag = hash & TagBits;
        for (var slot = (int)(hash >> 32) & mask; ; slot = (slot + 1) & mask)
        {
            var entry = slots[slot];
            if (entry == 0)
            {
                slots[slot] = tag | (uint)(i + 1);
                return i;
            }

            if ((entry & TagBits) == tag)
            {
                var other = (int)(uint)entry - 1;
                if (IsSame(i, other, n, sameWords))
                    return other;
            }
        }
    }

    private bool IsSame(int i, int other, int n, bool sameWords)
    {
        for (var k = 1; sameWords && k < n; k++)
        {
            if (offsets[i + k] - offsets[i] != offsets[other + k] - offsets[other])
                return false;
        }

        return characters.AsSpan(offsets[i]..offsets[i + n]).SequenceEqual(characters.AsSpan(offsets[other]..offsets[other + n]));
    }

    private ulong Power(int exponent)
    {
        if (exponent >= powers.Length)
        {
            var known = powers.Length;
            Array.Resize(ref powers, Math.Max(exponent + 1, known * 2));
            for (var i = known; i < powers.Length; i++)
                powers[i] = powers[i - 1] * Base;
        }

        return powers[exponent];
    }
}
