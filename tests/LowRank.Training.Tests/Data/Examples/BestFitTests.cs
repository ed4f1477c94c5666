using LowRank.Training.Data.Examples;

namespace LowRank.Training.Tests.Data.Examples;

public sealed class BestFitTests
{
    [Theory]
    [InlineData(8, "5 4 3 2 2", "0 2|1 3 4")]
    [InlineData(10, "1 9 2 8 10", "4|1 0|3 2")]
    [InlineData(10, "7 4 6 3", "0 3|2 1")]
    [InlineData(4, "0 4 0 4", "1|3")]
    [InlineData(1, "1 1 1", "0|1|2")]
    public void The_longest_come_first_each_into_the_row_that_it_fills_most(int capacity, string lengths, string rows) =>
        Assert.Equal(rows, Written(BestFit.Pack([.. lengths.Split(' ').Select(int.Parse)], capacity)));

    [Theory]
    [InlineData(64, 500)]
    [InlineData(65, 500)]
    [InlineData(700, 3_000)]
    public void Every_length_is_in_one_row_and_no_row_is_overfull(int capacity, int count)
    {
        var random = new Random(capacity);
        int[] lengths = [.. Enumerable.Range(0, count).Select(_ => random.Next(0, capacity + 1))];
        var (items, ends) = BestFit.Pack(lengths, capacity);
        Assert.Equal(Enumerable.Range(0, count).Where(item => lengths[item] > 0), items.Order());
        var start = 0;
        foreach (var end in ends)
        {
            Assert.InRange(items[start..end].Sum(item => lengths[item]), 1, capacity);
            start = end;
        }

        Assert.Equal(items.Length, start);
        // It needs 11/9 of the fewest rows at most.
        Assert.InRange(ends.Length, 1, 11.0 / 9 * lengths.Sum() / capacity * 1.1 + 1);
        Assert.Equal(Slow(lengths, capacity), Written((items, ends)));
    }

    // The definition, row by row.
    private static string Slow(int[] lengths, int capacity)
    {
        var rows = new List<List<int>>();
        var places = new Dictionary<int, int>();
        foreach (var item in Enumerable.Range(0, lengths.Length).Where(item => lengths[item] > 0).OrderByDescending(item => lengths[item]))
        {
            int Room(List<int> row) => capacity - row.Sum(other => lengths[other]);
            var fitting = rows.Where(row => Room(row) >= lengths[item]).ToList();
            var least = fitting.Count == 0 ? 0 : fitting.Min(Room);
            var best = fitting.Where(row => Room(row) == least).ToList();
            if (best.Count == 0)
                rows.Add([item]);
            else
                best.MaxBy(row => places[row[^1]])!.Add(item); // Of equal rows the one that was filled last.
            places[item] = places.Count;
        }

        return string.Join('|', rows.Select(row => string.Join(' ', row)));
    }

    private static string Written((int[] Items, int[] Ends) rows)
    {
        var start = 0;
        var written = new List<string>();
        foreach (var end in rows.Ends)
        {
            written.Add(string.Join(' ', rows.Items[start..end]));
            start = end;
        }

        return string.Join('|', written);
    }
}
