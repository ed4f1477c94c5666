using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Checkpoints;
using LowRank.Training.Files;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>
/// Random ranks of a run are killed at random moments: a hundred in every test run, <c>KILLS</c> of them where that is set, others
/// with another <c>KILL_SEED</c>.
/// </summary>
[Collection(OnAllCores.Name)]
public sealed partial class KilledRankTests(ITestOutputHelper log)
{
    private const int KillsInEveryRun = 100;

    private const int Steps = 75;

    // Milliseconds: a start, some steps with their checkpoints, and what the others do before they have ended.
    private const int WithinStart = 1_500;
    private const int WithinSteps = 250;
    private const int WithinEnd = 20;

    // Of mpirun, which waits a second before it kills the other ranks; the rest is for machines with much else to do.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<double> seconds = [];
    private int dead;
    private int told;
    private int saving;

    [Fact(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    public void A_job_whose_ranks_are_killed_ends_at_once_and_goes_on_bit_for_bit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Which process is which rank is known on Linux alone.");
        var kills = Setting("KILLS") ?? KillsInEveryRun;
        var seed = Setting("KILL_SEED") ?? 1;
        // Most are of many ranks: of those several are killed after one start, which takes longest.
        foreach (var (world, share) in new[] { (2, 0.12), (3, 0.38), (4, 0.5) })
        {
            if (Math.Round(kills * share) is > 0 and var some)
                KillRanks(world, (int)some, new Random((seed * 31) + world));
        }

        seconds.Sort();
        log.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{dead} kills in {seconds.Count} jobs, {saving} within a save; from the first kill to the end {seconds[seconds.Count / 2]:0.00} s in the middle, {seconds[^1]:0.00} s at most; {told} said by a rank."
            )
        );
    }

    // With this flag mpirun leaves the others alone: they have to find out, say it and end by themselves.
    [Theory(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    [InlineData(0)]
    [InlineData(2)]
    public void The_others_end_by_themselves_and_one_says_who_died_and_how_to_go_on(int victim)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Which process is which rank is known on Linux alone.");
        using var folder = new WorkFolder();
        var run = folder.Under("run");
        using var job = ExampleProcess.StartRanks(
            folder.Path,
            ["--enable-recovery"],
            (3, RankedRun.Arguments(folder, run, steps: 100_000))
        );
        Assert.True(job.WaitForError(": saved "), job.Error);
        var ranks = RankProcesses.Of(job.Id);
        var clock = Kill(ranks[victim]);
        _ = AwaitEnd(job, ranks.Values, clock, $"rank {victim}");
        var step = Checkpoint.Newest(run)!.Info.Step;
        var message =
            $"Rank {victim} on {Environment.MachineName} died. The newest checkpoint is that of step {step}. To go on:\nmpirun -n 3 ";
        Assert.Equal(1, RankedRun.Times(job.Error, message));
        Assert.Equal(1, RankedRun.Times(job.Error, " died."));
        Assert.Contains("--resume", job.Error[job.Error.IndexOf(message, StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", job.Error, StringComparison.Ordinal);
    }

    private void KillRanks(int world, int kills, Random random)
    {
        using var folder = new WorkFolder();
        var whole = folder.Under("whole");
        Finish(folder, whole, world);
        var expected = RankedRun.Losses(whole);
        Assert.Equal(Steps, expected.Count);

        var run = folder.Under("killed");
        long reached = 0;
        var until = dead + kills;
        for (var number = 0; dead < until; number++)
        {
            // Near its end it would be over before the next kill.
            if (reached > Steps * 2 / 3)
            {
                var losses = RankedRun.Losses(run);
                Assert.Equal(expected.Take(losses.Count), losses);
                Directory.Delete(run, recursive: true);
                reached = 0;
            }

            int[] victims = [.. Enumerable.Range(0, world).OrderBy(_ => random.Next())];
            // Some of them, or all.
            victims = victims[..Math.Min(random.Next(3) == 0 ? 1 + random.Next(world - 1) : world, until - dead)];
            var about = $"job {number} of {world} ranks, of which {string.Join(", then ", victims)} is killed";
            using (var job = Start(folder, run, world, leavesOthers: number % 2 == 1))
            {
                AwaitMoment(job, run, number, random);
                KillRanks(job, world, victims, about, random, hasBegun: number % 4 != 0, leavesOthers: number % 2 == 1);
            }

            if (Unfinished(run))
                saving++;
            var newest = AllWhole(run, about);
            Assert.True(newest >= reached, $"{about} lost steps: {newest} after {reached}.");
            reached = newest;
        }

        if (reached < Steps)
            Finish(folder, run, world);
        Assert.Equal(expected, RankedRun.Losses(run));
    }

    // Every fourth job is hit at any time of its start, every fourth as a checkpoint is written, the others while they train and save.
    private static void AwaitMoment(ExampleProcess job, string run, int number, Random random)
    {
        var within = number % 4 == 0 ? WithinStart : WithinSteps;
        if (number % 4 == 2)
        {
            Assert.True(job.WaitForError("] PaperXs: "), job.Error);
            var patience = Stopwatch.StartNew();
            while (!job.HasExited && patience.Elapsed < Patience && !Unfinished(run))
                Thread.Sleep(1);
            within = 10;
        }
        else if (number % 4 != 0)
        {
            Assert.True(job.WaitForError(number % 4 == 1 ? "] step " : ": saved "), job.Error);
        }

        Thread.Sleep(random.Next(within));
    }

    private void KillRanks(ExampleProcess job, int world, int[] victims, string about, Random random, bool hasBegun, bool leavesOthers)
    {
        // At the beginning of a start there are none.
        var ranks = RankProcesses.Of(job.Id);
        for (; ranks.Count < world && !job.HasExited; ranks = RankProcesses.Of(job.Id))
            Thread.Sleep(5);
        if (job.HasExited)
        {
            Assert.True(job.WaitForExit() == 0, $"{about}: {job.Error}");
            return;
        }

        var clock = Kill(ranks[victims[0]]);
        List<int> killed = [victims[0]];
        foreach (var victim in victims[1..])
        {
            Thread.Sleep(random.Next(WithinEnd));
            if (!RankProcesses.IsRunning(ranks[victim]))
                continue;
            _ = Kill(ranks[victim]);
            killed.Add(victim);
        }

        var code = AwaitEnd(job, ranks.Values, clock, about);
        seconds.Add(clock.Elapsed.TotalSeconds);
        dead += killed.Count;
        if (killed.Count == world || (code == 0 && !leavesOthers))
            return; // There is nobody to say it, or it had come to its end.
        // The launcher names one always, unless it leaves the others alone; a rank does where it is told before the launcher ends it, too.
        Assert.True(
            leavesOthers || killed.Exists(rank => job.Error.Contains($"process rank {rank} ", StringComparison.Ordinal)),
            $"{about}: {job.Error}"
        );
        var said = Died().Matches(job.Error);
        Assert.True(said.Count <= killed.Count, $"{about}: {job.Error}");
        Assert.All(said, one => Assert.True(killed.Exists(rank => one.Groups["rank"].Value == $"{rank}"), $"{about}: {job.Error}"));
        Assert.DoesNotContain("Unhandled", job.Error, StringComparison.Ordinal);
        told += Math.Min(1, said.Count);
        if (said.Count == 0 && hasBegun)
            log.WriteLine($"Not said by a rank, {about}:\n{job.Error}");
    }

    // The launcher's, and then that of all ranks: one that it has killed may take a moment to go.
    private static int AwaitEnd(ExampleProcess job, IReadOnlyCollection<int> ranks, Stopwatch clock, string about)
    {
        var code = job.WaitForExit();
        while (clock.Elapsed < Patience && ranks.Any(RankProcesses.IsRunning))
            Thread.Sleep(10);
        clock.Stop();
        Assert.True(clock.Elapsed < Patience, $"{about}: the job went on for {clock.Elapsed}: {job.Error}");
        return code;
    }

    // Every folder with a checkpoint's name is whole. The newest step, or 0.
    private static long AllWhole(string run, string about)
    {
        var folders = new CheckpointFolder(run).Newest();
        foreach (var folder in folders)
            Assert.True(Checkpoint.TryOpen(folder, out var reason) is not null, $"{about}: {folder}: {reason}");
        return folders.Count == 0 ? 0 : RunFiles.StepOf(folders[0]);
    }

    private static string CheckpointsOf(string run) => Path.Combine(run, RunFiles.Checkpoints);

    // Whether a checkpoint is being written, or was when its writer was killed.
    private static bool Unfinished(string run) =>
        Directory.Exists(CheckpointsOf(run)) && Directory.EnumerateDirectories(CheckpointsOf(run), RunFiles.Unfinished + "*").Any();

    // With leavesOthers mpirun leaves it to the other ranks to end.
    private static ExampleProcess Start(WorkFolder folder, string run, int world, bool leavesOthers = false) =>
        // A run that was killed before its folder was there begins afresh.
        ExampleProcess.StartRanks(
            folder.Path,
            leavesOthers ? ["--enable-recovery"] : [],
            (world, RankedRun.Arguments(folder, run, Steps, Directory.Exists(CheckpointsOf(run)) ? ["--resume"] : []))
        );

    private static void Finish(WorkFolder folder, string run, int world)
    {
        using var job = Start(folder, run, world);
        Assert.True(job.WaitForExit() == 0, job.Error);
    }

    private static Stopwatch Kill(int process)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var rank = Process.GetProcessById(process);
            rank.Kill();
        }
        catch (ArgumentException)
        {
            // It has come to its end.
        }

        return clock;
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^Rank (?<rank>\d+) on \S+ died\.", RegexOptions.Multiline)]
    private static partial Regex Died();
}
