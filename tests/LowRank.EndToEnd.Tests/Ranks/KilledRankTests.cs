using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Checkpoints;
using LowRank.Training.Files;
using LowRank.Training.Tests.Distributed;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>
/// Random ranks of a run are killed at random moments: a few in every test run, <c>KILLS</c> of them where that is set, others with
/// another <c>KILL_SEED</c>.
/// </summary>
[Collection(OnAllCores.Name)]
public sealed partial class KilledRankTests(ITestOutputHelper log)
{
    private const int KillsInEveryRun = 4;

    private const int Steps = 90;

    // Milliseconds: a start, and some steps with their checkpoints.
    private const int WithinStart = 1_500;
    private const int WithinSteps = 250;

    // Of mpirun, which waits a second before it kills the other ranks; the rest is for machines with much else to do.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<double> seconds = [];
    private int told;
    private int saving;

    [Fact(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    public void A_job_whose_ranks_are_killed_ends_at_once_and_goes_on_bit_for_bit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Which process is which rank is known on Linux alone.");
        var kills = Setting("KILLS") ?? KillsInEveryRun;
        var seed = Setting("KILL_SEED") ?? 1;
        // Few kills are all of three ranks: each number takes an undisturbed run.
        int[] worlds = kills < 12 ? [3] : [2, 3, 4];
        for (var at = 0; at < worlds.Length; at++)
            KillRanks(worlds[at], (kills + at) / worlds.Length, new Random((seed * 31) + worlds[at]));
        seconds.Sort();
        log.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{seconds.Count} kills, {saving} within a save; from kill to end {seconds[seconds.Count / 2]:0.00} s in the middle, {seconds[^1]:0.00} s at most; {told} said by a rank."
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
        for (var kill = 0; kill < kills; kill++)
        {
            // Near its end it would be over before the next kill.
            if (reached > Steps * 2 / 3)
            {
                FinishAsWhole();
                Directory.Delete(run, recursive: true);
                reached = 0;
            }

            var victim = random.Next(world);
            var about = $"kill {kill} of {world} ranks, of rank {victim}";
            using (var job = Start(folder, run, world))
            {
                AwaitMoment(job, run, kill, random);
                KillRank(job, world, victim, about, hasBegun: kill % 4 != 0);
            }

            if (Unfinished(run))
                saving++;
            var newest = AllWhole(run, about);
            Assert.True(newest >= reached, $"{about} lost steps: {newest} after {reached}.");
            reached = newest;
        }

        FinishAsWhole();

        void FinishAsWhole()
        {
            if (reached < Steps)
                Finish(folder, run, world);
            Assert.Equal(expected, RankedRun.Losses(run));
        }
    }

    // Every fourth kill comes at any time of a start, every fourth as a checkpoint is written, the others while it trains and saves.
    private static void AwaitMoment(ExampleProcess job, string run, int kill, Random random)
    {
        var within = kill % 4 == 0 ? WithinStart : WithinSteps;
        if (kill % 4 == 2)
        {
            Assert.True(job.WaitForError("] PaperXs: "), job.Error);
            var patience = Stopwatch.StartNew();
            while (!job.HasExited && patience.Elapsed < Patience && !Unfinished(run))
                Thread.Sleep(1);
            within = 10;
        }
        else if (kill % 4 != 0)
        {
            Assert.True(job.WaitForError(kill % 4 == 1 ? "] step " : ": saved "), job.Error);
        }

        Thread.Sleep(random.Next(within));
    }

    private void KillRank(ExampleProcess job, int world, int victim, string about, bool hasBegun)
    {
        // At the beginning of a start there is none.
        var ranks = RankProcesses.Of(job.Id);
        for (; !ranks.ContainsKey(victim) && !job.HasExited; ranks = RankProcesses.Of(job.Id))
            Thread.Sleep(5);
        if (job.HasExited)
        {
            Assert.True(job.WaitForExit() == 0, $"{about}: {job.Error}");
            return;
        }

        var clock = Kill(ranks[victim]);
        var code = AwaitEnd(job, ranks.Values, clock, about);
        seconds.Add(clock.Elapsed.TotalSeconds);
        if (code == 0)
            return; // It had come to its end.
        // The launcher names it always; a rank does where it is told before the launcher ends it, too.
        Assert.True(job.Error.Contains($"process rank {victim} ", StringComparison.Ordinal), $"{about}: {job.Error}");
        var said = Died().Matches(job.Error);
        Assert.True(said.Count <= 1, $"{about}: {job.Error}");
        Assert.All(said, one => Assert.True(one.Groups["rank"].Value == $"{victim}", $"{about}: {job.Error}"));
        Assert.DoesNotContain("Unhandled", job.Error, StringComparison.Ordinal);
        told += said.Count;
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

    private static ExampleProcess Start(WorkFolder folder, string run, int world) =>
        // A run that was killed before its folder was there begins afresh.
        ExampleProcess.StartRanks(
            folder.Path,
            [],
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
