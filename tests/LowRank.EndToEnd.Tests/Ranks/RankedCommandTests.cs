using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Checkpoints;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>What ends one of several ranks ends all, with one message; what ends all of them is said once.</summary>
[Collection(OnAllCores.Name)]
public sealed class RankedCommandTests
{
    [Theory(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    [InlineData(
        "Rank 1 has other options than rank 0; start all ranks with the same command line, text and folder.",
        new[] { "--seed", "4" }
    )]
    [InlineData("Rank 1 on HOST: There is no file or folder 'missing'; give --text an existing one.", new[] { "--text", "missing" })]
    [InlineData("Rank 1 on HOST: There is no option '--sede' in 'train'; did you mean --seed?", new[] { "--sede", "4" })]
    public void One_rank_that_was_started_otherwise_ends_all(string message, string[] otherwise)
    {
        using var folder = new WorkFolder();
        var (same, other) = (Arguments(folder), Arguments(folder).ToList());
        if (other.IndexOf(otherwise[0]) is >= 0 and var at)
            other[at + 1] = otherwise[1];
        else
            other.AddRange(otherwise);
        using var job = ExampleProcess.StartRanks(folder.Path, [], (1, same), (1, [.. other]));
        Assert.Equal(2, job.WaitForExit());
        AssertSaidOnce(job, message.Replace("HOST", Environment.MachineName, StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(folder.Under("run"), "checkpoints")));
    }

    [Fact(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    public void What_is_wrong_with_the_command_line_of_all_one_says()
    {
        using var folder = new WorkFolder();
        using var job = ExampleProcess.StartRanks(folder.Path, [], (3, [.. Arguments(folder), "--sede", "4"]));
        Assert.Equal(2, job.WaitForExit());
        AssertSaidOnce(job, "There is no option '--sede' in 'train'; did you mean --seed?");
    }

    [Fact(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    public void A_run_that_diverges_ends_all_ranks_and_says_so_once()
    {
        using var folder = new WorkFolder();
        using var job = ExampleProcess.StartRanks(
            folder.Path,
            [],
            (2, [.. Arguments(folder), "--learning-rate", "1000000", "--weight-decay", "0"])
        );
        Assert.Equal(1, job.WaitForExit());
        AssertSaidOnce(job, " diverged: ");
        Assert.Contains("Lower the learning rate (1000000)", job.Error, StringComparison.Ordinal);
    }

    [Fact(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    public void A_signal_to_the_launcher_lets_the_step_finish_and_saves()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using var folder = new WorkFolder();
        // Otherwise it gives the ranks one second. It waits twice as long itself, whenever they end, and passes on only then what they say.
        using var job = ExampleProcess.StartRanks(folder.Path, ["--mca", "odls_base_sigkill_timeout", "5"], (2, Arguments(folder)));
        Assert.True(job.WaitForError("step 1/"), job.Error);
        UnixSignal.Send(job.Id, UnixSignal.Terminate);
        Assert.NotEqual(0, job.WaitForExit());
        AssertSaidOnce(job, "To go on:\nmpirun -n 2 ");
        AssertSaidOnce(job, "Stopping after the current step");
        AssertSaidOnce(job, "Stopped after step ");
        var step = Checkpoint.Newest(folder.Under("run"))!.Info.Step;
        Assert.True(step > 0);
        Assert.Contains($"Stopped after step {step} of ", job.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" died.", job.Error, StringComparison.Ordinal);
    }

    [Fact(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    public void A_full_disk_of_the_first_rank_costs_a_checkpoint_and_no_step()
    {
        using var folder = new WorkFolder();
        using var disk = SmallDisk.TryMount(folder.Under("disk"), megabytes: 40);
        Assert.SkipWhen(disk is null, "Only root can mount a small file system, and only Linux has this one.");
        var run = Path.Combine(disk!.Path, "run");
        var ballast = Path.Combine(disk.Path, "ballast");
        var arguments = RankedRun.Arguments(folder, run, 60, "--sharding", "optimizer");
        using var job = ExampleProcess.StartRanks(folder.Path, [], (2, arguments));
        Assert.True(job.WaitForError("step 3: saved "), job.Error);
        FillUp(ballast);
        Assert.True(job.WaitForError(" could not be saved: "), job.Error);
        File.Delete(ballast);
        Assert.True(job.WaitForExit() == 0, job.Error);
        Assert.Contains("The run goes on and saves its next checkpoint", job.Error, StringComparison.Ordinal);
        Assert.Equal(60, Checkpoint.Newest(run)!.Info.Step);
        Assert.Equal(60, RankedRun.Losses(run).Count);
    }

    [Fact(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    public void A_disk_without_room_for_a_checkpoint_ends_all_ranks()
    {
        using var folder = new WorkFolder();
        using var disk = SmallDisk.TryMount(folder.Under("disk"), megabytes: 4);
        Assert.SkipWhen(disk is null, "Only root can mount a small file system, and only Linux has this one.");
        using var job = ExampleProcess.StartRanks(folder.Path, [], (2, RankedRun.Arguments(folder, Path.Combine(disk!.Path, "run"), 60)));
        Assert.Equal(1, job.WaitForExit());
        AssertSaidOnce(job, "Make room there, or choose another folder for the run.");
    }

    private static string[] Arguments(WorkFolder folder) => RankedRun.Arguments(folder, folder.Under("run"), steps: 100_000);

    private static void AssertSaidOnce(ExampleProcess job, string message)
    {
        var said = $"{job.Output}{job.Error}";
        Assert.True(RankedRun.Times(said, message) == 1, said);
    }

    private static void FillUp(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[1 << 16];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
