using LowRank.Training.Files;

namespace LowRank.Training.Tokenization;

/// <summary>
/// Merges the bytes of one word: again and again the pair that comes first in the order of merges, the leftmost of equals, as Hugging
/// Face does. Safe for threads.
/// </summary>
internal sealed class WordEncoder
{
    /// <summary>Up to this length a plain scan for the next pair beats a queue.</summary>
    private const int LongestScanned = 96;

    private const int NoMerge = int.MaxValue;

    private readonly int[] idOfByte;
    private readonly int[] products;
    private readonly Dictionary<long, int> ranks;

    /// <summary>The ids of whole entries, where those go before the merges.</summary>
    private readonly WordTable? entries;
    private readonly int[] entryIds = [];

    public WordEncoder(BytePairVocabulary vocabulary)
    {
        idOfByte = vocabulary.IdOfByte;
        products = [.. vocabulary.Merges.Select(merge => merge.Product)];
        ranks = new Dictionary<long, int>(products.Length);
        for (var rank = 0; rank < products.Length; rank++)
        {
            (var left, var right, _) = vocabulary.Merges[rank];
            ranks[PairKey.Of(left, right)] = rank;
        }

        if (vocabulary.IgnoreMerges)
        {
            entries = new WordTable();
            int[] made = [.. Enumerable.Range(0, vocabulary.Size).Where(id => vocabulary.Texts[id].Length > 0)];
            entryIds = [.. made.DistinctBy(id => Convert.ToHexString(vocabulary.Texts[id]))];
            foreach (var id in entryIds)
                entries.FindOrAdd(vocabulary.Texts[id]);
        }
    }

    /// <summary>Adds the ids of <paramref name="word"/> to <paramref name="destination"/>.</summary>
    public void Encode(ReadOnlySpan<byte> word, List<int> destination, CancellationToken cancellation = default)
    {
        var entry = entries?.Find(word) ?? -1;
        if (entry >= 0)
            destination.Add(entryIds[entry]);
        else if (word.Length <= LongestScanned)
            EncodeByScan(word, destination);
        else
            EncodeByQueue(word, destination, cancellation);
    }

    private int Rank(int left, int right) => ranks.TryGetValue(PairKey.Of(left, right), out var rank) ? rank : NoMerge;

    private void EncodeByScan(ReadOnlySpan<byte> word, List<int> destination)
    {
        Span<int> ids = stackalloc int[LongestScanned];
        Span<int> pairRanks = stackalloc int[LongestScanned];
        var count = word.Length;
        for (var i = 0; i < count; i++)
            ids[i] = idOfByte[word[i]];

        for (var i = 0; i + 1 < count; i++)
            pairRanks[i] = Rank(ids[i], ids[i + 1]);

        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i + 1 < count; i++)
            {
                if (pairRanks[i] < pairRanks[best])
                    best = i;
            }

            if (pairRanks[best] == NoMerge)
                break;

            ids[best] = products[pairRanks[best]];
            ids[(best + 2)..count].CopyTo(ids[(best + 1)..]);
            count--;
            if (best + 1 < count)
            {
                pairRanks[(best + 2)..count].CopyTo(pairRanks[(best + 1)..]);
                pairRanks[best] = Rank(ids[best], ids[best + 1]);
            }

            if (best > 0)
                pairRanks[best - 1] = Rank(ids[best - 1], ids[best]);
        }

        destination.AddRange(ids[..count]);
    }

    private void EncodeByQueue(ReadOnlySpan<byte> word, List<int> destination, CancellationToken cancellation)
    {
        var pace = new StopPace(cancellation);
        var ids = new int[word.Length];
        var next = new int[word.Length];
        var previous = new int[word.Length];
        for (var i = 0; i < word.Length; i++)
        {
            ids[i] = idOfByte[word[i]];
            next[i] = i + 1;
            previous[i] = i - 1;
        }

        // The priority holds the rank above the position, so that equals go from left to right.
        var queue = new PriorityQueue<int, long>();
        void Enqueue(int at)
        {
            if (at >= 0 && next[at] < ids.Length && Rank(ids[at], ids[next[at]]) is var rank and not NoMerge)
                queue.Enqueue(at, ((long)rank << 32) | (uint)at);
        }

        for (var i = 0; i < word.Length; i++)
        {
            pace.Step();
            Enqueue(i);
        }

        const int Merged = -1;
        while (queue.TryDequeue(out var at, out var priority))
        {
            pace.Step();
            var right = next[at];
            var rank = (int)(priority >> 32);
            if (ids[at] == Merged || right >= ids.Length || Rank(ids[at], ids[right]) != rank)
                continue;

            ids[at] = products[rank];
            ids[right] = Merged;
            next[at] = next[right];
            if (next[at] < ids.Length)
                previous[next[at]] = at;

            Enqueue(previous[at]);
            Enqueue(at);
        }

        for (var at = 0; at < ids.Length; at = next[at])
            destination.Add(ids[at]);
    }
}
