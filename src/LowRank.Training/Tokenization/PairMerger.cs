using System.Runtime.InteropServices;
using LowRank.Training.Files;

namespace LowRank.Training.Tokenization;

/// <summary>
/// The merging half of training. Pair counts are kept up to date by visiting only the places of the merged pair, so that the work grows
/// with the text and not with its longest word; a queue whose entries may be out of date gives the next pair.
/// </summary>
internal sealed class PairMerger
{
    /// <summary>What stands within a symbol of several bytes, but for its last.</summary>
    private const int Inside = int.MinValue;

    /// <summary>
    /// A place for every byte of every word. A symbol stands where its text begins; where its last byte was stands the complement of that
    /// place, so that the one behind finds it.
    /// </summary>
    private readonly int[] symbols;
    private readonly int[] wordOfPlace;
    private readonly long[] wordCounts;
    private readonly TokenTexts texts = new();

    private readonly Dictionary<long, int> pairNumbers = [];
    private readonly List<Pair> pairs = [];
    private readonly PriorityQueue<int, (long Count, int Left, int Right)> queue = new(new MostFrequentFirst());
    private readonly HashSet<int> grown = [];
    private readonly CancellationToken cancellation;

    public PairMerger(WordTable words, long[] wordCounts, CancellationToken cancellation)
    {
        this.wordCounts = wordCounts;
        this.cancellation = cancellation;
        symbols = new int[words.TotalBytes];
        wordOfPlace = new int[words.TotalBytes];
        var idOfByte = IdsOfBytes();
        var pace = new StopPace(cancellation);
        var at = 0;
        for (var word = 0; word < words.Count; word++)
        {
            pace.Step();
            var start = at;
            foreach (var value in words[word])
            {
                wordOfPlace[at] = word;
                symbols[at++] = idOfByte[value];
            }

            for (var i = start; i + 1 < at; i++)
                Increase(symbols[i], symbols[i + 1], i);
        }

        EnqueueGrown();
    }

    /// <summary>Places and queued pairs that were looked at: what the work grows with.</summary>
    internal long Visited { get; private set; }

    /// <summary>
    /// Merges until <paramref name="newTokens"/> tokens have been made or no pair occurs twice. Returns the merges in order; ids below
    /// 256 are bytes in the order of <see cref="ByteAlphabet.BytesInOrder"/>, and each merge with a new text takes the next id.
    /// </summary>
    public IReadOnlyList<(int Left, int Right)> Merge(int newTokens)
    {
        var merges = new List<(int Left, int Right)>();
        while (texts.Count < 256 + newTokens && queue.TryDequeue(out var number, out (long Count, int Left, int Right) entry))
        {
            cancellation.ThrowIfCancellationRequested();
            Visited++;
            var pair = pairs[number];
            if (pair.Count != entry.Count)
            {
                // Out of date. A count that rose was queued again when it rose; one that fell is queued again here.
                if (pair.Count < entry.Count && pair.Count > 1)
                    queue.Enqueue(number, (pair.Count, pair.Left, pair.Right));

                continue;
            }

            if (pair.Count < 2)
                break;

            if (!pair.Merged)
            {
                // A pair can come back when another merge makes the text of its part; it keeps its first place in the order.
                merges.Add((pair.Left, pair.Right));
                pair.Merged = true;
            }

            MergeEverywhere(pair);
            pair.Count = 0;
            grown.Remove(number);
            EnqueueGrown();
        }

        return merges;
    }

    private static int[] IdsOfBytes()
    {
        var ids = new int[256];
        for (var id = 0; id < 256; id++)
            ids[ByteAlphabet.BytesInOrder[id]] = id;

        return ids;
    }

    private void MergeEverywhere(Pair pair)
    {
        var leftBytes = texts[pair.Left].Length;
        var rightBytes = texts[pair.Right].Length;
        var product = texts.Join(pair.Left, pair.Right);
        var pace = new StopPace(cancellation);
        foreach (var place in pair.TakePlaces())
        {
            pace.Step();
            Visited++;
            var right = place + leftBytes;
            if (symbols[place] == pair.Left && symbols[right] == pair.Right)
                MergeAt(place, right, right + rightBytes, product);
        }
    }

    /// <summary>
    /// Makes one symbol of those at <paramref name="at"/> and <paramref name="right"/>; the next stands at <paramref name="next"/>.
    /// </summary>
    private void MergeAt(int at, int right, int next, int product)
    {
        var word = wordOfPlace[at];
        if (at > 0 && wordOfPlace[at - 1] == word)
        {
            var previous = symbols[at - 1] >= 0 ? at - 1 : ~symbols[at - 1];
            Decrease(symbols[previous], symbols[at], word);
            Increase(symbols[previous], product, previous);
        }

        if (next < symbols.Length && wordOfPlace[next] == word)
        {
            Decrease(symbols[right], symbols[next], word);
            Increase(product, symbols[next], at);
        }

        symbols[at] = product;
        symbols[right] = Inside;
        symbols[next - 1] = ~at;
    }

    private void Increase(int left, int right, int place)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(pairNumbers, PairKey.Of(left, right), out var known);
        if (!known)
        {
            number = pairs.Count;
            pairs.Add(new Pair(left, right));
        }

        var pair = pairs[number];
        pair.Count += wordCounts[wordOfPlace[place]];
        pair.Add(place);
        grown.Add(number);
    }

    private void Decrease(int left, int right, int word) => pairs[pairNumbers[PairKey.Of(left, right)]].Count -= wordCounts[word];

    private void EnqueueGrown()
    {
        foreach (var number in grown)
        {
            var pair = pairs[number];
            if (pair.Count > 1)
                queue.Enqueue(number, (pair.Count, pair.Left, pair.Right));
        }

        grown.Clear();
    }

    private sealed class Pair(int left, int right)
    {
        /// <summary>Where the pair stands or once stood.</summary>
        private List<int> places = [];
        private bool isOrdered = true;

        public int Left { get; } = left;

        public int Right { get; } = right;

        public long Count { get; set; }

        public bool Merged { get; set; }

        public void Add(int place)
        {
            isOrdered &= places.Count == 0 || places[^1] < place;
            places.Add(place);
        }

        /// <summary>The places from left to right, since of overlapping pairs the left one is merged; none are left.</summary>
        public List<int> TakePlaces()
        {
            var taken = places;
            if (!isOrdered)
                taken.Sort();

            (places, isOrdered) = ([], true);
            return taken;
        }
    }

    /// <summary>Equal counts go by the ids, the order of the byte alphabet, as in Hugging Face's trainer.</summary>
    private sealed class MostFrequentFirst : IComparer<(long Count, int Left, int Right)>
    {
        public int Compare((long Count, int Left, int Right) x, (long Count, int Left, int Right) y)
        {
            var order = y.Count.CompareTo(x.Count);
            order = order != 0 ? order : x.Left.CompareTo(y.Left);
            return order != 0 ? order : x.Right.CompareTo(y.Right);
        }
    }
}
