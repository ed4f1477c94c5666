using System.Numerics;

namespace LowRank.Training.Data.Examples;

/// <summary>
/// Packs lengths into rows by best fit decreasing: the longest first, each into the row that it fills most, or into a new one (Ding et al.,
/// 2024, arXiv:2404.10830). Nothing is cut. Of equal lengths the first comes first, so that the rows depend on the lengths alone.
/// </summary>
internal sealed class BestFit
{
    private const int None = -1;

    private readonly int[] next;
    private readonly int[] last;
    private readonly ulong[] open;
    private readonly List<int> newestOf = [];
    private readonly List<int> below = [];

    private BestFit(int items, int capacity)
    {
        next = new int[items];
        last = new int[capacity + 1];
        Array.Fill(last, None);
        open = new ulong[capacity / 64 + 1];
    }

    /// <summary>Packs.</summary>
    /// <param name="lengths">The lengths, from 1 to the capacity; 0 for what is in no row.</param>
    /// <param name="capacity">What a row holds.</param>
    /// <returns>The items, row by row, and where each row ends among them.</returns>
    public static (int[] Items, int[] Ends) Pack(ReadOnlySpan<int> lengths, int capacity)
    {
        var packing = new BestFit(lengths.Length, capacity);
        var order = Decreasing(lengths, capacity);
        foreach (var item in order)
            packing.Place(item, lengths[item], capacity);
        return packing.Rows(order.Length);
    }

    // By counting, which keeps the order of equal ones.
    private static int[] Decreasing(ReadOnlySpan<int> lengths, int capacity)
    {
        var places = new int[capacity + 2];
        foreach (var length in lengths)
            places[length]++;
        var (sum, used) = (0, lengths.Length - places[0]);
        for (var length = capacity; length > 0; length--)
            (places[length], sum) = (sum, sum + places[length]);
        var order = new int[used];
        for (var item = 0; item < lengths.Length; item++)
        {
            if (lengths[item] > 0)
                order[places[lengths[item]]++] = item;
        }

        return order;
    }

    private void Place(int item, int length, int capacity)
    {
        var room = SmallestRoom(length);
        int row;
        if (room == None)
        {
            row = newestOf.Count;
            room = capacity;
            newestOf.Add(None);
            below.Add(None);
        }
        else
        {
            row = last[room];
            last[room] = below[row];
            if (last[room] == None)
                open[room / 64] &= ~(1UL << (room % 64));
        }

        (next[item], newestOf[row]) = (newestOf[row], item);
        var left = room - length;
        if (left == 0)
            return;
        (below[row], last[left]) = (last[left], row);
        open[left / 64] |= 1UL << (left % 64);
    }

    // The smallest room of an open row that is at least so long.
    private int SmallestRoom(int length)
    {
        var word = length / 64;
        var first = open[word] & (ulong.MaxValue << (length % 64));
        if (first != 0)
            return word * 64 + BitOperations.TrailingZeroCount(first);
        var rest = open.AsSpan(word + 1);
        var found = rest.IndexOfAnyExcept(0UL);
        return found < 0 ? None : (word + 1 + found) * 64 + BitOperations.TrailingZeroCount(rest[found]);
    }

    private (int[] Items, int[] Ends) Rows(int count)
    {
        var (items, ends) = (new int[count], new int[newestOf.Count]);
        var end = 0;
        for (var row = 0; row < ends.Length; row++)
        {
            var start = end;
            for (var item = newestOf[row]; item != None; item = next[item])
                items[end++] = item;
            // The chain leads from the last to the first.
            items.AsSpan(start, end - start).Reverse();
            ends[row] = end;
        }

        return (items, ends);
    }
}
