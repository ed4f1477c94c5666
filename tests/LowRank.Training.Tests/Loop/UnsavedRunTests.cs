using LowRank.Training.Checkpoints;
using LowRank.Training.Files;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.Training.Tests.Loop;

/// <summary>A file where the folder of the checkpoints belongs: nothing can be saved, as on a full disk, until it is deleted.</summary>
public sealed class UnsavedRunTests(TrainingText text)
{
    [Fact]
    public void A_save_that_fails_in_the_course_of_a_run_ends_nothing_and_the_next_is_tried()
    {
        using var folder = new TemporaryFolder();
        var obstacle = Obstacle(folder.Path);
        var observer = new RecordingObserver { OnWarning = _ => File.Delete(obstacle) };
        var result = Run(Options(folder.Path) with { CheckpointEvery = 2 }, observer, isObstructed: true);
        Assert.Equal(6, result.Steps);
        var warning = Assert.Single(observer.Warnings);
        Assert.StartsWith("Step 2 could not be saved: ", warning, StringComparison.Ordinal);
        Assert.EndsWith("The run goes on and saves its next checkpoint; none has been saved before.", warning, StringComparison.Ordinal);
        Assert.Equal(["step-000000004", "step-000000006"], observer.Checkpoints.Select(Path.GetFileName));
        Assert.Equal(6, Checkpoint.Open(folder.Path).Info.Step);
    }

    [Fact]
    public void The_last_save_is_tried_until_there_is_room_and_the_run_is_whole()
    {
        using var folder = new TemporaryFolder();
        var obstacle = Obstacle(folder.Path);
        var observer = new RecordingObserver { OnWarning = _ => File.Delete(obstacle) };
        var result = Run(Options(folder.Path), observer, isObstructed: true);
        Assert.StartsWith("Step 6, the last one, could not be saved: ", Assert.Single(observer.Warnings), StringComparison.Ordinal);
        Assert.Contains("Make room there: it is tried again every ", observer.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(result.Checkpoint, Checkpoint.Open(folder.Path).Folder);
        Assert.Equal(6, Checkpoint.Open(folder.Path).Info.Step);
    }

    [Fact]
    public void Giving_up_names_what_is_lost_and_keeps_the_older_checkpoint()
    {
        using var folder = new TemporaryFolder();
        long? free = null;
        var observer = new RecordingObserver { OnStep = metrics => free = metrics.Step < 5 ? null : 1_000 };
        var lost = Assert.Throws<CheckpointNotSavedException>(() =>
            Run(Options(folder.Path) with { CheckpointEvery = 4 }, observer, TimeSpan.Zero, _ => free)
        );
        Assert.Equal(6, lost.Step);
        Assert.Contains("Step 6 could not be saved and is lost: The disk of '", lost.Message, StringComparison.Ordinal);
        Assert.Contains("has 1000 B free, and a checkpoint of this run needs ", lost.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "The newest saved one is that of step 4, from which the run goes on when it is resumed.",
            lost.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(4, Checkpoint.Open(folder.Path).Info.Step);

        // With room the same command is whole.
        Assert.Equal(6, Run(Options(folder.Path) with { CheckpointEvery = 4, Resume = true }, new RecordingObserver()).Steps);
    }

    [Fact]
    public void A_stop_gives_up_what_cannot_be_saved()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver { OnWarning = _ => stop.Cancel() };
        Assert.Throws<CheckpointNotSavedException>(() =>
            Run(Options(folder.Path), observer, Timeout.InfiniteTimeSpan, stop: stop.Token, isObstructed: true)
        );
    }

    [Fact]
    public void A_run_that_was_stopped_waits_for_room_too()
    {
        using var folder = new TemporaryFolder();
        var obstacle = Obstacle(folder.Path);
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver { OnStep = _ => stop.Cancel(), OnWarning = _ => File.Delete(obstacle) };
        var result = Run(Options(folder.Path), observer, stop: stop.Token, isObstructed: true);
        Assert.True(result.Stopped);
        Assert.Equal(1, Checkpoint.Open(folder.Path).Info.Step);
    }

    [Fact]
    public void A_disk_without_room_for_a_checkpoint_is_refused_before_the_first_step()
    {
        using var folder = new TemporaryFolder();
        var observer = new RecordingObserver();
        var refused = Assert.Throws<NoSpaceException>(() => Run(Options(folder.Path), observer, free: _ => 12_345));
        Assert.Contains(
            $"The disk of '{folder.Path}' has 12.1 KiB free, and a checkpoint of this run needs ",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(observer.Steps);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_disk_with_room_for_some_of_the_checkpoints_is_warned_of()
    {
        using var folder = new TemporaryFolder();
        var observer = new RecordingObserver();
        Run(Options(folder.Path), observer, free: _ => 5_000_000);
        Assert.Contains("the run's checkpoints need", Assert.Single(observer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_failed_save_left_takes_no_room()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        Assert.Throws<IOException>(() =>
            checkpoints.Write(
                3,
                into =>
                {
                    File.WriteAllBytes(Path.Combine(into, "half"), new byte[100]);
                    throw new IOException("No space left on device");
                }
            )
        );
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(folder.Path, "checkpoints")));
    }

    private static TrainingOptions Options(string output) => TrainingText.Options(output, steps: 6) with { EvaluateEvery = 100 };

    private static string Obstacle(string output) => Path.Combine(output, RunFiles.Checkpoints);

    private RunResult Run(
        TrainingOptions options,
        RecordingObserver observer,
        TimeSpan? retry = null,
        Func<string, long?>? free = null,
        bool isObstructed = false,
        CancellationToken stop = default
    )
    {
        var trainer = new Trainer(TrainingText.Small, Variant.LowRank, text.Data, options, observer)
        {
            SaveRetry = retry ?? TimeSpan.FromHours(1),
            SaveRetryInterval = TimeSpan.FromMilliseconds(1),
            FreeSpace = free ?? (_ => null),
        };
        // One that was there before is refused at once.
        if (isObstructed)
            File.WriteAllText(Obstacle(options.Output!), "");
        return trainer.Run(stop);
    }
}
