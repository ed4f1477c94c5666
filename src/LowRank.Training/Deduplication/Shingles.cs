using System.Buffers;
using System.IO.Hashing;
using System.Text;
using LowRank.Training.Filtering;

namespace LowRank.Training.Deduplication;

/// <summary>
/// The hashes of a text's shingles: of every n words in a row, normalized and joined by spaces, as UTF-8. For one thread; buffers are
/// kept, and no text is made for a shingle.
/// </summary>
internal sealed class Shingles
{
    private readonly int size;
    private readonly ShingleHash function;
    private readonly int bits;
    private readonly IWordSplitter splitter;
    private readonly TextNormalizer normalizer = new();
    private readonly WordList words = new();
    private readonly Sha1Lanes sha1 = new();

    private byte[] bytes = [];
    private int[] starts = [];
    private int[] ends = [];
    private ulong[] hashes = [];

    /// <param name="options">Words of a shingle, and what hashes it.</param>
    /// <param name="splitter">Finds words in the normalized text.</param>
    public Shingles(MinHashOptions options, IWordSplitter splitter)
    {
        (size, function, bits) = (options.NGrams, options.Hash, options.HashBits);
        this.splitter = splitter;
    }

    /// <summary>One hash for each place, also those that occur twice; none for a text of fewer words. Valid until the next call.</summary>
    public ReadOnlySpan<ulong> Hash(ReadOnlySpan<char> text)
    {
        var normalized = normalizer.Normalize(text);
        words.Clear();
        splitter.Split(normalized, words);
        var count = words.Count - size + 1;
        if (count < 1)
            return [];
        Join(normalized);
        if (hashes.Length < count)
            hashes = new ulong[Grown(count)];
        var result = hashes.AsSpan(0, count);
        // A shingle begins where its first word does and ends where its last one does.
        Hash(starts.AsSpan(0, count), ends.AsSpan(size - 1, count), result);
        return result;
    }

    private void Hash(ReadOnlySpan<int> firsts, ReadOnlySpan<int> lasts, Span<ulong> result)
    {
        if (function == ShingleHash.Sha1)
        {
            sha1.Hash(bytes, firsts, lasts, result);
            foreach (ref var hash in result)
                hash &= ulong.MaxValue >> (64 - bits);
            return;
        }

        for (var index = 0; index < firsts.Length; index++)
        {
            var shingle = bytes.AsSpan(firsts[index], lasts[index] - firsts[index]);
            result[index] = bits == 32 ? XxHash32.HashToUInt32(shingle) : XxHash64.HashToUInt64(shingle);
        }
    }

    // All words as UTF-8 with one space between two: each shingle is a piece of it.
    private void Join(ReadOnlySpan<char> text)
    {
        var most = checked(Encoding.UTF8.GetByteCount(text) + words.Count);
        if (bytes.Length < most)
            bytes = new byte[Grown(most)];
        if (starts.Length < words.Count)
            (starts, ends) = (new int[Grown(words.Count)], new int[Grown(words.Count)]);
        var from = words.Starts;
        var lengths = words.Lengths;
        // A normalized text is mostly ASCII and has single spaces: then its bytes are the words as they stand.
        if (Ascii.FromUtf16(text, bytes, out _) == OperationStatus.Done && AreJoined(from, lengths))
        {
            for (var word = 0; word < from.Length; word++)
                (starts[word], ends[word]) = (from[word], from[word] + lengths[word]);
            return;
        }

        var end = 0;
        for (var word = 0; word < from.Length; word++)
        {
            if (word > 0)
                bytes[end++] = (byte)' ';
            starts[word] = end;
            end += Encoding.UTF8.GetBytes(text.Slice(from[word], lengths[word]), bytes.AsSpan(end));
            ends[word] = end;
        }
    }

    private static bool AreJoined(ReadOnlySpan<int> from, ReadOnlySpan<int> lengths)
    {
        for (var word = 1; word < from.Length; word++)
        {
            if (from[word] != from[word - 1] + lengths[word - 1] + 1)
                return false;
        }

        return true;
    }

    private static int Grown(int length) => checked((int)(length * 5L / 4 + 64));
}
