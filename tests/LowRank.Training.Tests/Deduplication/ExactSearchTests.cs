using LowRank.Training.Deduplication;

namespace LowRank.Training.Tests.Deduplication;

public sealed class ExactSearchTests
{
    private static readonly string[] Addresses =
    [
        "https://example.com",
        "https://example.com",
        "https://new-site.com",
        "https://example.com",
        "https://example2.com",
    ];

    [Fact]
    public void The_first_of_equal_ones_is_kept()
    {
        using var folder = new TemporaryFolder();
        var search = Search(folder);
        var totals = SearchRun.All(search, Addresses);
        Assert.Equal([0, 2, 4], SearchRun.Kept(search, 0, Addresses.Length));
        Assert.Equal((1, 3, 2), (totals.Clusters, totals.Documents, totals.Removed));
        Assert.Equal([new ClusterSize(3, 1)], totals.Sizes);
    }

    [Fact]
    public void Each_equal_one_is_a_pair_with_the_one_before_it()
    {
        using var folder = new TemporaryFolder();
        var search = new ExactSearch(new DuplicateFolder(folder.Path), new ExactOptions { Ranges = 1 });
        Assert.Equal(3, SearchRun.All(search, ["a", "a", "b"], ["a", "c", "a"]).Pairs);
        using var pairs = new RecordReader(new RecordSource(search.Folder.Pairs(0), 0), PairFinder.WordsPerPair);
        var nodes = new[] { DocumentNode.Of(0, 0), DocumentNode.Of(0, 1), DocumentNode.Of(1, 0), DocumentNode.Of(1, 2) };
        for (var pair = 0; pair < 3; pair++)
        {
            Assert.True(pairs.Read());
            Assert.Equal([nodes[pair], nodes[pair + 1]], pairs.Current.ToArray());
        }

        Assert.False(pairs.Read());
    }

    [Fact]
    public void The_first_unit_comes_before_the_second()
    {
        using var folder = new TemporaryFolder();
        var search = Search(folder);
        SearchRun.All(search, Addresses[2..], Addresses[..2]);
        Assert.Equal([0, 1, 2], SearchRun.Kept(search, 0, 3));
        Assert.Equal([], SearchRun.Kept(search, 1, 2));
    }

    [Fact]
    public void What_is_compared_can_be_rewritten_before()
    {
        using var folder = new TemporaryFolder();
        var search = Search(folder);
        SearchRun.All(search, [.. Addresses.Select(address => address.Replace("2", "", StringComparison.Ordinal))]);
        Assert.Equal([0, 2], SearchRun.Kept(search, 0, Addresses.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public void The_number_of_ranges_changes_nothing(int ranges)
    {
        using var folder = new TemporaryFolder();
        var search = new ExactSearch(new DuplicateFolder(folder.Path), new ExactOptions { Ranges = ranges });
        var random = new Random(5);
        var units = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 200).Select(_ => $"{random.Next(300)}").ToList()).ToArray();
        var totals = SearchRun.All(search, units);
        var seen = new HashSet<string>();
        for (var unit = 0; unit < units.Length; unit++)
        {
            var expected = Enumerable.Range(0, 200).Where(document => seen.Add(units[unit][document])).ToArray();
            Assert.Equal(expected, SearchRun.Kept(search, unit, 200));
        }

        Assert.Equal(800 - seen.Count, totals.Removed);
    }

    [Fact]
    public void Texts_that_differ_in_one_unit_are_different_and_empty_ones_equal()
    {
        using var folder = new TemporaryFolder();
        var search = Search(folder);
        string[] texts = ["", "a", "A", "a ", "á", "a\u0301", "", "\0", "a"];
        SearchRun.All(search, texts);
        Assert.Equal([0, 1, 2, 3, 4, 5, 7], SearchRun.Kept(search, 0, texts.Length));
    }

    private static ExactSearch Search(TemporaryFolder folder) => new(new DuplicateFolder(folder.Path), new ExactOptions());
}
