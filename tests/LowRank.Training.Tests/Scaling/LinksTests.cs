using LowRank.Training.Scaling;

namespace LowRank.Training.Tests.Scaling;

public sealed class LinksTests
{
    [Fact]
    public void A_ring_sends_all_but_its_own_part_in_as_many_messages()
    {
        // Seven parts of 1,000 bytes at 1,000 bytes a second, each a tenth of a second late.
        Assert.Equal(7.7, new Links(1_000, 0.1, null).HalfPass(8_000, 8), 1e-12);
        Assert.Equal(7_000, Links.Sent(8_000, 8));
    }

    [Fact]
    public void Alone_nothing_is_sent()
    {
        Assert.Equal(0, new Links(1_000, 0.1, null).HalfPass(8_000, 1));
        Assert.Equal(0, new Links(1_000, 0.1, new(4, 1_000)).HalfPass(8_000, 1));
        Assert.Equal(0, Links.Sent(8_000, 1));
    }

    [Fact]
    public void Machines_send_within_first_and_then_a_part_of_it_between_them()
    {
        var links = new Links(100, 0.5, new(4, 1_000));
        // Within four ranks: three parts of 2,000 bytes. Between two machines: half of one part. Three messages and one.
        Assert.Equal(3 * 2.0 + 1_000 / 100.0 + 4 * 0.5, links.HalfPass(8_000, 8), 1e-12);
        // One machine uses its own links alone.
        Assert.Equal(3 * (2.0 + 0.5), links.HalfPass(8_000, 4), 1e-12);
        Assert.Equal(4.0 + 0.5, links.HalfPass(8_000, 2), 1e-12);
    }

    [Fact]
    public void Machines_of_one_rank_are_one_ring()
    {
        var (flat, machines) = (new Links(100, 0.5, null), new Links(100, 0.5, new(1, 1_000)));
        Assert.All([1, 2, 7, 64], ranks => Assert.Equal(flat.HalfPass(12_345, ranks), machines.HalfPass(12_345, ranks), 1e-9));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(6, false)]
    [InlineData(8, true)]
    public void Ranks_fill_machines(int ranks, bool holds) => Assert.Equal(holds, new Links(1, 0, new(4, 1)).Holds(ranks));
}
