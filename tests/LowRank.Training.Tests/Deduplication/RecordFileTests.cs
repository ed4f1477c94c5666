using LowRank.Training.Deduplication;

namespace LowRank.Training.Tests.Deduplication;

public sealed class RecordFileTests
{
    private const int Words = 3;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(16)]
    public void Merging_in_passes_gives_what_merging_at_once_gives(int openFiles)
    {
        using var folder = new TemporaryFolder();
        using var scratch = new TaskScratch(new DuplicateFolder(folder.Path), "merge");
        var random = new Random(1);
        for (var files = 0; files <= 20; files++)
        {
            var runs = Enumerable.Range(0, files).Select(_ => Draw(random)).ToList();
            var sources = runs.Select(run => Write(scratch, [run])).Select(path => new RecordSource(path, 0)).ToList();
            Assert.Equal(Sorted(runs.SelectMany(run => run.Chunk(Words))), Merge(sources, openFiles, scratch));
            // Only what was made in between is removed.
            Assert.All(sources, source => Assert.True(File.Exists(source.Path)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public void Sections_are_sorted_whatever_fits_into_memory(int wordsInMemory)
    {
        using var folder = new TemporaryFolder();
        var place = new DuplicateFolder(folder.Path);
        var random = new Random(2);
        var records = Enumerable
            .Range(0, 300)
            .Select(index => (Section: random.Next(4), Key: (ulong)random.Next(40), Last: (ulong)index))
            .ToList();
        var path = folder.Under("new", "spooled.bin");
        var limits = new SearchLimits { WordsInMemory = wordsInMemory, OpenFiles = 7 };
        using (var spool = new RecordSpool(path, new TaskScratch(place, "spool"), 5, Words, limits))
        {
            foreach (var record in records)
                spool.Add(record.Section, [record.Key / 10, record.Key], record.Last);
            spool.Complete(CancellationToken.None);
        }

        for (var section = 0; section < 5; section++)
        {
            var expected = records
                .Where(record => record.Section == section)
                .Select(record => new[] { record.Key / 10, record.Key, record.Last });
            Assert.Equal(Sorted(expected), Read(new RecordSource(path, section), 5));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(place.Scratch));
    }

    [Fact]
    public void Sections_longer_than_a_buffer_are_read_whole()
    {
        using var folder = new TemporaryFolder();
        using var scratch = new TaskScratch(new DuplicateFolder(folder.Path), "long");
        ulong[][] sections =
        [
            [],
            [.. Enumerable.Range(0, 90_000).Select(word => (ulong)word)],
            [],
            [7, 8, 9],
        ];
        var path = Write(scratch, sections);
        for (var section = 0; section < sections.Length; section++)
            Assert.Equal(sections[section], Read(new RecordSource(path, section), 4));
        using var reader = new RecordReader(new RecordSource(path, 1), Words);
        Assert.Equal(30_000, reader.Left);
        reader.Read();
        Assert.Equal(29_999, reader.Left);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        var search = new ExactSearch(new DuplicateFolder(folder.Under("none")), new ExactOptions());
        var message = Assert.Throws<InputException>(() => search.Match(0, 1, default)).Message;
        Assert.Equal($"'{search.Folder.Signatures(0)}' is missing; run the step again that writes it.", message);
        Assert.Contains("is missing", Assert.Throws<InputException>(() => search.Cluster(1, default)).Message, StringComparison.Ordinal);
        Assert.Contains("is missing", Assert.Throws<InputException>(() => search.LoadRemovals(0)).Message, StringComparison.Ordinal);
        Assert.Contains("cluster again", Assert.Throws<InputException>(search.LoadTotals).Message, StringComparison.Ordinal);
    }

    // Every byte, changed or cut off behind.
    [Fact]
    public void Whatever_is_damaged_is_noticed()
    {
        using var folder = new TemporaryFolder();
        using var scratch = new TaskScratch(new DuplicateFolder(folder.Path), "damage");
        var whole = File.ReadAllBytes(
            Write(
                scratch,
                [
                    [1, 2, 3],
                    [4, 5, 6, 7, 8, 9],
                ]
            )
        );
        for (var place = 0; place < whole.Length; place++)
        {
            AssertNoticed(folder, [.. whole[..place], (byte)(whole[place] ^ 0x10), .. whole[(place + 1)..]]);
            AssertNoticed(folder, whole[..place]);
        }
    }

    [Fact]
    public void Files_of_other_options_are_refused()
    {
        using var folder = new TemporaryFolder();
        var place = new DuplicateFolder(folder.Path);
        SearchRun.Sign(new ExactSearch(place, new ExactOptions { Ranges = 3 }), 0, ["a"]);
        var message = Assert.Throws<InputException>(() => new ExactSearch(place, new ExactOptions()).Match(0, 1, default)).Message;
        Assert.Equal(
            $"'{place.Signatures(0)}' is damaged, or was written with other options; delete it and run the step again that writes it.",
            message
        );
    }

    private static void AssertNoticed(TemporaryFolder folder, byte[] content)
    {
        var path = folder.Write("damaged.bin", content);
        Assert.Throws<InputException>(() =>
        {
            Read(new RecordSource(path, 0), 2);
            Read(new RecordSource(path, 1), 2);
        });
    }

    private static ulong[] Draw(Random random) =>
        Sorted(
            Enumerable
                .Range(0, random.Next(50))
                .Select(_ =>
                    new[] { random.Next(10) == 0 ? ulong.MaxValue : (ulong)random.Next(5), (ulong)random.Next(5), (ulong)random.Next(1000) }
                )
        );

    private static ulong[] Sorted(IEnumerable<ulong[]> records) =>
        [.. records.OrderBy(record => record[0]).ThenBy(record => record[1]).ThenBy(record => record[2]).SelectMany(record => record)];

    private static string Write(TaskScratch scratch, IEnumerable<ulong[]> sections)
    {
        var path = scratch.NewFile();
        using var writer = new RecordFileWriter(path, Words);
        foreach (var section in sections)
        {
            writer.Write(section);
            writer.EndSection();
        }

        writer.Complete();
        return path;
    }

    private static ulong[] Read(RecordSource source, int sections)
    {
        var words = new List<ulong>();
        using var reader = new RecordReader(source, Words, sections);
        while (reader.Read())
            words.AddRange(reader.Current);
        return [.. words];
    }

    private static ulong[] Merge(List<RecordSource> sources, int openFiles, TaskScratch scratch)
    {
        var words = new List<ulong>();
        new RecordMerge(Words, openFiles, scratch).Merge(sources, 1, record => words.AddRange(record), CancellationToken.None);
        return [.. words];
    }
}
