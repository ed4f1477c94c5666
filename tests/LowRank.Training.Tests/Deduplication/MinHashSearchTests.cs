using LowRank.Training.Deduplication;
using LowRank.Training.Filtering;

namespace LowRank.Training.Tests.Deduplication;

public sealed class MinHashSearchTests
{
    private static readonly MinHashOptions Defaults = new();

    // Shingles that both have, and those that each has alone.
    private static readonly (int Common, int Own)[] Overlaps = [(50, 25), (60, 20), (70, 15), (80, 10), (90, 5)];

    public static TheoryData<int, int> HashConfigurations =>
        new()
        {
            { (int)ShingleHash.Sha1, 64 },
            { (int)ShingleHash.Sha1, 32 },
            { (int)ShingleHash.XxHash, 64 },
            { (int)ShingleHash.XxHash, 32 },
        };

    [Fact]
    public void Ten_thousand_planted_pairs_are_found_as_often_as_their_similarity_says()
    {
        const int PairsEach = 2000;
        using var folder = new TemporaryFolder();
        var search = Search(folder, Defaults);
        var random = new Random(20);
        var pairs = (from _ in Enumerable.Range(0, PairsEach) from overlap in Overlaps select Pair(random, overlap)).ToList();
        for (var unit = 0; unit < 2; unit++)
        {
            using var signer = search.OpenUnit(unit);
            for (var pair = 0; pair < pairs.Count; pair++)
                signer.Sign(unit == 0 ? pairs[pair].First : pairs[pair].Second, DocumentNode.Of(unit, pair));
            signer.Complete(CancellationToken.None);
        }

        var totals = SearchRun.MatchAndCluster(search, 2);
        // Of equal sets the first stays.
        Assert.Equal(0, search.LoadRemovals(0).Count);
        var removals = search.LoadRemovals(1);
        for (var kind = 0; kind < Overlaps.Length; kind++)
        {
            var similarity = Overlaps[kind].Common / (double)(Overlaps[kind].Common + 2 * Overlaps[kind].Own);
            var expected = 1 - Math.Pow(1 - Math.Pow(similarity, 8), 14);
            var found = Enumerable.Range(0, PairsEach).Count(pair => removals.Contains(pair * Overlaps.Length + kind));
            var deviation = Math.Sqrt(PairsEach * expected * (1 - expected));
            Assert.InRange(found, PairsEach * expected - 4 * deviation - 1, PairsEach * expected + 4 * deviation + 1);
        }

        Assert.Equal(removals.Count, totals.Clusters);
        Assert.Equal([new ClusterSize(2, totals.Clusters)], totals.Sizes);
    }

    // Computed by a program in another language, from the published description: words, SHA-1, draws, modulus.
    [Theory]
    [InlineData(
        64,
        new ulong[]
        {
            255722354049881345,
            284080765670708113,
            78707248969336376,
            226360113463360020,
            42312182183823545,
            295150809832830541,
            25856063104547687,
            106247978431758872,
        },
        new ulong[]
        {
            164139703210280404,
            29074511532028102,
            126148420424728747,
            190956742962217236,
            126167845672318228,
            286832159288939565,
            66204159458720642,
            382274228244391605,
        }
    )]
    [InlineData(
        32,
        new ulong[] { 542897603, 575497218, 337500305, 618376388, 377775763, 121714251, 253777155, 322894159 },
        new ulong[] { 24454616, 11932307, 508142547, 144575281, 151038687, 136780761, 254851966, 170927219 }
    )]
    public void A_known_text_has_known_signatures(int bits, ulong[] first, ulong[] last)
    {
        const string Text = "The quick brown fox jumps over the lazy dog; 1,234.5 times — in “Ünïcödé” and «Кириллица», too!";
        using var folder = new TemporaryFolder();
        var search = Search(folder, Defaults with { Hash = ShingleHash.Sha1, HashBits = bits });
        SearchRun.Sign(search, 0, ["too short", Text]);
        Assert.Equal([.. first, 1], Signature(search, 0));
        Assert.Equal([.. last, 1], Signature(search, 13));
    }

    [Theory]
    [MemberData(nameof(HashConfigurations))]
    public void Slices_of_one_text_that_overlap_leave_one_each(int hash, int bits)
    {
        int[][] clusters =
        [
            [0, 20, 50],
            [400, 420],
            [800, 810, 820, 840, 860],
            [1205, 1215, 1225, 1245],
            [1600],
            [2000],
        ];
        var prose = RandomProse.Write(new Random(3), 500);
        var texts = clusters.SelectMany(starts => starts).Select(start => prose.Substring(start, 400)).ToList();
        using var folder = new TemporaryFolder();
        var search = Search(folder, Defaults with { Hash = (ShingleHash)hash, HashBits = bits });
        var totals = SearchRun.All(search, texts);
        var kept = SearchRun.Kept(search, 0, texts.Count);
        var first = 0;
        foreach (var cluster in clusters)
        {
            Assert.Single(kept, document => document >= first && document < first + cluster.Length);
            first += cluster.Length;
        }

        Assert.Equal((4, 14, 10), (totals.Clusters, totals.Documents, totals.Removed));
        Assert.Equal([new(2, 1), new(3, 1), new(4, 1), new(5, 1)], totals.Sizes);
        Assert.Equal(totals.Sizes, search.LoadTotals().Sizes);
    }

    [Fact]
    public void Texts_that_differ_in_form_alone_are_duplicates_and_short_ones_never()
    {
        using var folder = new TemporaryFolder();
        var search = Search(folder, Defaults);
        string[] texts = ["One two three four five, 6.", "one -- TWO thrée\nfour five 77", "one two three four", "one two three four", ""];
        SearchRun.All(search, texts);
        Assert.Equal([0, 2, 3, 4], SearchRun.Kept(search, 0, texts.Length));
    }

    // Few different signatures make long chains across buckets, which are joined in every order.
    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 20)]
    [InlineData(3, 60)]
    [InlineData(4, 200)]
    public void Kept_are_the_roots_that_the_reference_keeps(int seed, int values)
    {
        const int Units = 7;
        const int Documents = 30;
        const int Buckets = 4;
        var random = new Random(seed);
        var options = Defaults with { Buckets = Buckets, HashesPerBucket = 2, Seed = 5 };
        var permutations = new MinHashPermutations(8, 5, 64);
        var signatures = new List<(ulong[] Minima, (int Unit, int Document) Node)>();
        using var folder = new TemporaryFolder();
        var search = Search(folder, options);
        for (var unit = 0; unit < Units; unit++)
        {
            using var signer = search.OpenUnit(unit);
            for (var document = 0; document < Documents; document++)
            {
                var hashes = Enumerable.Range(0, 3).Select(_ => (ulong)random.Next(values)).ToArray();
                signer.Sign(hashes, DocumentNode.Of(unit, document));
                signatures.Add((permutations.Minima(hashes).ToArray(), (unit, document)));
            }

            signer.Complete(CancellationToken.None);
        }

        var totals = SearchRun.MatchAndCluster(search, Units);
        var expected = ReferenceClusters.Removed(signatures, Buckets);
        Assert.Equal(expected.Count, totals.Removed);
        for (var unit = 0; unit < Units; unit++)
        {
            var removals = search.LoadRemovals(unit);
            for (var document = 0; document < Documents; document++)
                Assert.Equal(expected.Contains((unit, document)), removals.Contains(document));
        }
    }

    [Fact]
    public void Places_must_ascend_but_may_be_left_out()
    {
        using var folder = new TemporaryFolder();
        var search = Search(folder, Defaults);
        using (var signer = search.OpenUnit(0))
        {
            signer.Add(3, "one two three four five");
            signer.Add(10, "one two three four five");
            Assert.Throws<ArgumentOutOfRangeException>(() => signer.Add(10, "again"));
            signer.Complete(CancellationToken.None);
        }

        SearchRun.MatchAndCluster(search, 1);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], SearchRun.Kept(search, 0, 11));
    }

    private static MinHashSearch Search(TemporaryFolder folder, MinHashOptions options) =>
        new(new DuplicateFolder(folder.Path), options, () => new WhiteSpaceSplitter());

    // The only record of a bucket.
    private static ulong[] Signature(MinHashSearch search, int bucket)
    {
        using var reader = new RecordReader(new RecordSource(search.Folder.Signatures(0), bucket), 9);
        Assert.Equal(1, reader.Left);
        Assert.True(reader.Read());
        return reader.Current.ToArray();
    }

    private static (ulong[] First, ulong[] Second) Pair(Random random, (int Common, int Own) overlap)
    {
        var common = Draw(random, overlap.Common);
        return ([.. common, .. Draw(random, overlap.Own)], [.. Draw(random, overlap.Own), .. common]);
    }

    private static ulong[] Draw(Random random, int count)
    {
        var hashes = new ulong[count];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(hashes.AsSpan()));
        return hashes;
    }
}
