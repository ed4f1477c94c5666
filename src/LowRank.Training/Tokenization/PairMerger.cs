using System.Runtime.InteropServices;

namespace LowRank.Training.Tokenization;

/// <summary>
/// The merging half of training. Pair counts are kept up to date by visiting only the words that hold the merged pair; a queue whose
/// entries may be out of date gives the next pair.
/// </summary>
internal sealed class PairMerger
{
    private readonly int[] symbols;
    private readonly int[] starts;
    private readonly int[] lengths;
    private readonly long[] wordCounts;

    private readonly Dictionary<long, int> pairNumbers = [];
    private readonly List<Pair> pairs = [];
    private readonly PriorityQueue<int, (long Count, int Left, int Right)> queue = new(new MostFrequentFirst());
    private readonly HashSet<int> grown = [];

    public PairMerger(WordTable words, long[] wordCounts)
    {
        this.wordCounts = wordCounts;
        symbols = new int[words.TotalBytes];
        starts = new int[words.Count];
        lengths = new int[words.Count];
        int[] idOfByte = IdsOfBytes();
        int at = 0;
        for (int word = 0; word < words.Count; word++)
        {
            ReadOnlySpan<byte> bytes = words[word];
            starts[word] = at;
            lengths[word] = bytes.Length;
            foreach (byte value in bytes)
            {
                symbols[at++] = idOfByte[value];
            }

            for (int i = starts[word]; i + 1 < at; i++)
            {
                Increase(symbols[i], symbols[i + 1], word);
            }
        }

        EnqueueGrown();
    }

    /// <summary>
    /// Merges until <paramref name="newTokens"/> tokens have been made or no pair occurs twice. Returns the merges in order; ids below
    /// 256 are bytes in the order of <see cref="ByteAlphabet.BytesInOrder"/>, and each merge with a new text takes the next id.
    /// </summary>
    public IReadOnlyList<(int Left, int Right)> Merge(int newTokens, CancellationToken cancellation)
    {
        var merges = new List<(int Left, int Right)>();
        var texts = new TokenTexts();
        while (texts.Count < 256 + newTokens && queue.TryDequeue(out int number, out (long Count, int Left, int Right) entry))
        {
            cancellation.ThrowIfCancellationRequested();
            Pair pair = pairs[number];
            if (pair.Count != entry.Count)
            {
                // Out of date. A count that rose was queued again when it rose; one that fell is queued again here.
                if (pair.Count < entry.Count && pair.Count > 1)
                {
                    queue.Enqueue(number, (pair.Count, pair.Left, pair.Right));
                }

                continue;
            }

            if (pair.Count < 2)
            {
                break;
            }

            if (!pair.Merged)
            {
                // A pair can come back when another merge makes the text of its part; it keeps its first place in the order.
                merges.Add((pair.Left, pair.Right));
                pair.Merged = true;
            }

            int product = texts.Join(pair.Left, pair.Right);
            foreach (int word in pair.Words)
            {
                MergeInWord(word, pair.Left, pair.Right, product);
            }

            pair.Count = 0;
            pair.Words.Clear();
            grown.Remove(number);
            EnqueueGrown();
        }

        return merges;
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    private static int[] IdsOfBytes()
    {
        var ids = new int[256];
        for (int id = 0; id < 256; id++)
        {
            ids[ByteAlphabet.BytesInOrder[id]] = id;
        }

        return ids;
    }

    private void MergeInWord(int word, int left, int right, int product)
    {
        Span<int> text = symbols.AsSpan(starts[word], lengths[word]);
        int write = 0;
        for (int read = 0; read < text.Length; read++)
        {
            if (text[read] != left || read + 1 == text.Length || text[read + 1] != right)
            {
                text[write++] = text[read];
                continue;
            }

            if (write > 0)
            {
                Decrease(text[write - 1], left, word);
                Increase(text[write - 1], product, word);
            }

            if (read + 2 < text.Length)
            {
                Decrease(right, text[read + 2], word);
                Increase(product, text[read + 2], word);
            }

            text[write++] = product;
            read++;
        }

        lengths[word] = write;
    }

    private void Increase(int left, int right, int word)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(pairNumbers, Key(left, right), out bool known);
        if (!known)
        {
            number = pairs.Count;
            pairs.Add(new Pair(left, right));
        }

        Pair pair = pairs[number];
        pair.Count += wordCounts[word];
        if (pair.Words.Count == 0 || pair.Words[^1] != word)
        {
            pair.Words.Add(word);
        }

        grown.Add(number);
    }

    private void Decrease(int left, int right, int word) => pairs[pairNumbers[Key(left, right)]].Count -= wordCounts[word];

    private void EnqueueGrown()
    {
        foreach (int number in grown)
        {
            Pair pair = pairs[number];
            if (pair.Count > 1)
            {
                queue.Enqueue(number, (pair.Count, pair.Left, pair.Right));
            }
        }

        grown.Clear();
    }

    private sealed class Pair(int left, int right)
    {
        public int Left { get; } = left;

        public int Right { get; } = right;

        public long Count { get; set; }

        public bool Merged { get; set; }

        /// <summary>Words that hold the pair or once held it.</summary>
        public List<int> Words { get; } = [];
    }

    /// <summary>Equal counts go by the ids, the order of the byte alphabet, as in Hugging Face's trainer.</summary>
    private sealed class MostFrequentFirst : IComparer<(long Count, int Left, int Right)>
    {
        public int Compare((long Count, int Left, int Right) x, (long Count, int Left, int Right) y)
        {
            int order = y.Count.CompareTo(x.Count);
            order = order != 0 ? order : x.Left.CompareTo(y.Left);
            return order != 0 ? order : x.Right.CompareTo(y.Right);
        }
    }
}
