using LowRank.Training.Files;

namespace LowRank.Training.Tokenization.Models;

/// <summary>
/// Merges the symbols of one word: again and again the pair that comes first in the order of merges, the leftmost of equals, as Hugging
/// Face does. Safe for threads.
/// </summary>
internal sealed class PairMerges
{
    /// <summary>Up to this length a plain scan for the next pair beats a queue.</summary>
    public const int LongestScanned = 96;

    private const int NoMerge = int.MaxValue;

    private readonly int[] products;
    private readonly Dictionary<long, int> ranks;

    /// <param name="merges">Pairs of ids in the order in which they are merged, and the id that each pair becomes.</param>
    public PairMerges(IReadOnlyList<(int Left, int Right, int Product)> merges)
    {
        products = [.. merges.Select(merge => merge.Product)];
        ranks = new Dictionary<long, int>(products.Length);
        for (var rank = 0; rank < products.Length; rank++)
        {
            (var left, var right, _) = merges[rank];
            ranks[PairKey.Of(left, right)] = rank;
        }
    }

    /// <summary>Merges symbols, which are overwritten, and adds what is left to <paramref name="destination"/>.</summary>
    public void Merge(Span<int> ids, List<int> destination, CancellationToken cancellation)
    {
        if (ids.Length <= LongestScanned)
            MergeByScan(ids, destination);
        else
            MergeByQueue(ids, destination, cancellation);
    }

    private int Rank(int left, int right) => ranks.TryGetValue(PairKey.Of(left, right), out var rank) ? rank : NoMerge;

    private void MergeByScan(Span<int> ids, List<int> destination)
    {
        Span<int> pairRanks = stackalloc int[LongestScanned];
        var count = ids.Length;
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

    private void MergeByQueue(Span<int> symbols, List<int> destination, CancellationToken cancellation)
    {
        var pace = new StopPace(cancellation);
        var ids = symbols.ToArray();
        var next = new int[ids.Length];
        var previous = new int[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
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

        for (var i = 0; i < ids.Length; i++)
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
