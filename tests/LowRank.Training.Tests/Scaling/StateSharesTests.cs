using LowRank.Training.Scaling;

namespace LowRank.Training.Tests.Scaling;

public sealed class StateSharesTests
{
    [Fact]
    public void The_largest_share_is_the_least_of_all_divisions_into_runs()
    {
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
        {
            long[] whole = [.. Enumerable.Range(0, random.Next(0, 8)).Select(_ => (long)random.Next(0, 12))];
            var (divisible, ranks) = ((long)random.Next(0, 15), random.Next(1, 6));
            // What is cut anywhere is pieces of one, in front.
            long[] pieces = [.. Enumerable.Repeat(1L, (int)divisible), .. whole];
            Assert.Equal(Best(pieces, ranks), StateShares.LeastLargest(divisible, whole, pieces.Sum(), ranks));
        }
    }

    [Fact]
    public void A_piece_larger_than_an_even_share_is_what_its_rank_has() =>
        Assert.Equal(100, StateShares.LeastLargest(20, [10, 100, 10], 140, 64));

    [Fact]
    public void Nothing_is_divided_into_nothing() => Assert.Equal(0, StateShares.LeastLargest(0, [], 0, 8));

    // All ways of ending the first run, each with the best for the rest.
    private static long Best(ReadOnlySpan<long> pieces, int ranks)
    {
        var all = 0L;
        foreach (var piece in pieces)
            all += piece;
        if (ranks == 1)
            return all;
        var (best, first) = (all, 0L);
        for (var end = 0; end <= pieces.Length; end++)
        {
            best = Math.Min(best, Math.Max(first, Best(pieces[end..], ranks - 1)));
            if (end < pieces.Length)
                first += pieces[end];
        }

        return best;
    }
}
