using LowRank.Training.Deduplication;
using LowRank.Training.Filtering;

namespace LowRank.Training.Tests.Deduplication;

/// <summary>Neither the order of tasks nor what killed ones left behind shows in any file.</summary>
public sealed class RestartTests
{
    private const int Units = 6;

    private static readonly CancellationToken Canceled = new(canceled: true);

    public static TheoryData<int, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, bool>();
            for (var seed = 0; seed < 4; seed++)
            {
                cases.Add(seed, true);
                cases.Add(seed, false);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Abandoned_tasks_in_any_order_give_the_same_bytes(int seed, bool exact)
    {
        var units = Texts();
        using var calm = new TemporaryFolder();
        var expected = Search(calm, exact, new SearchLimits());
        SearchRun.All(expected, units);

        using var rough = new TemporaryFolder();
        var random = new Random(seed);
        var search = Search(rough, exact, new SearchLimits { WordsInMemory = 200, OpenFiles = 2 });
        RunStage(
            random,
            Units,
            unit => AbandonSigning(search, unit, units[unit], random),
            unit => SearchRun.Sign(search, unit, units[unit])
        );
        RunStage(random, search.MatchTasks, task => AbandonMatching(search, task, random), task => search.Match(task, Units, default));
        RunStage(random, 1, _ => AbandonClustering(search, random), _ => search.Cluster(Units, default));

        Assert.Equal(SearchRun.Files(expected), SearchRun.Files(search));
    }

    [Fact]
    public void What_a_killed_run_left_is_removed_by_the_next_of_the_same_task()
    {
        using var folder = new TemporaryFolder();
        var search = Search(folder, exact: true, new SearchLimits { WordsInMemory = 30 });
        var killed = search.OpenUnit(0);
        var other = search.OpenUnit(1);
        for (var document = 0; document < 40; document++)
        {
            killed.Add(document, $"{document}");
            other.Add(document, $"{document}");
        }

        Assert.Equal(8, Directory.EnumerateFiles(search.Folder.Scratch, "*", SearchOption.AllDirectories).Count());
        SearchRun.Sign(search, 0, ["a"]);
        // The other one is at work.
        other.Complete(CancellationToken.None);
        other.Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(search.Folder.Scratch));
    }

    [Fact]
    public void Signatures_can_be_discarded_and_the_result_stays()
    {
        using var folder = new TemporaryFolder();
        var search = Search(folder, exact: true, new SearchLimits());
        var totals = SearchRun.All(search, Texts());
        var kept = SearchRun.Kept(search, 3, 40);
        search.DiscardSignatures();
        search.DiscardSignatures();
        Assert.Equal(["removals.bin", "totals.json"], SearchRun.Files(search).Keys);
        Assert.Equal(kept, SearchRun.Kept(search, 3, 40));
        Assert.Equal(totals.Removed, search.LoadTotals().Removed);
    }

    // Each task is begun up to two times in vain, among others.
    private static void RunStage(Random random, int tasks, Action<int> abandon, Action<int> complete)
    {
        var steps = new List<(int Task, bool Completes)>();
        for (var task = 0; task < tasks; task++)
        {
            steps.Add((task, true));
            for (var tries = random.Next(3); tries > 0; tries--)
                steps.Add((task, false));
        }

        var order = steps.ToArray();
        random.Shuffle(order);
        var done = new HashSet<int>();
        foreach (var (task, completes) in order)
        {
            // Some are even done twice.
            if (completes)
                complete(task);
            else if (!done.Contains(task) || random.Next(2) == 0)
                abandon(task);
            if (completes)
                done.Add(task);
        }
    }

    private static void AbandonSigning(DuplicateSearch search, int unit, List<string> texts, Random random)
    {
        var signer = search.OpenUnit(unit);
        var documents = random.Next(texts.Count + 1);
        for (var document = 0; document < documents; document++)
            signer.Add(document, texts[document]);
        switch (random.Next(3))
        {
            case 0:
                // Killed: what it has written stays where it is.
                return;
            case 1 when documents > 0:
                Assert.ThrowsAny<OperationCanceledException>(() => signer.Complete(Canceled));
                break;
            default:
                break;
        }

        signer.Dispose();
    }

    private static void AbandonMatching(DuplicateSearch search, int task, Random random)
    {
        if (random.Next(2) == 0)
        {
            Assert.ThrowsAny<OperationCanceledException>(() => search.Match(task, Units, Canceled));
            return;
        }

        // It fails when it comes to this unit.
        var broken = search.Folder.Signatures(random.Next(Units));
        File.Move(broken, broken + ".away");
        Assert.Throws<InputException>(() => search.Match(task, Units, default));
        File.Move(broken + ".away", broken);
        // As after a kill.
        File.WriteAllText(
            Directory.CreateDirectory(Path.Combine(search.Folder.Scratch, $"match-{task:D4}.left")).FullName + "/0.bin",
            "half"
        );
    }

    private static void AbandonClustering(DuplicateSearch search, Random random)
    {
        if (random.Next(2) == 0)
            Assert.ThrowsAny<OperationCanceledException>(() => search.Cluster(Units, Canceled));
        else
            Directory.CreateDirectory(Path.Combine(search.Folder.Scratch, "cluster.left"));
    }

    private static DuplicateSearch Search(TemporaryFolder folder, bool exact, SearchLimits limits)
    {
        var place = new DuplicateFolder(folder.Path);
        return exact
            ? new ExactSearch(place, new ExactOptions { Ranges = 5 }, limits)
            : new MinHashSearch(place, new MinHashOptions { Buckets = 5, HashesPerBucket = 2 }, () => new WhiteSpaceSplitter(), limits);
    }

    private static List<string>[] Texts()
    {
        var random = new Random(9);
        var all = Enumerable.Range(0, 100).Select(_ => RandomProse.Write(random, 20)).ToList();
        return [.. Enumerable.Range(0, Units).Select(_ => Enumerable.Range(0, 40).Select(_ => all[random.Next(all.Count)]).ToList())];
    }
}
