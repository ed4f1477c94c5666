using LowRank.Training.Files;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Tests.Training;

namespace LowRank.Training.Tests.Locks;

public sealed class RunLockTests(TrainingText text)
{
    [Fact]
    public void The_second_is_refused_and_told_who_is_the_first_until_that_is_done()
    {
        using var folder = new TemporaryFolder();
        RunLock.RefuseIfHeld(folder.Path);
        Assert.Empty(Directory.GetFiles(folder.Path));
        using (RunLock.Acquire(folder.Path))
        {
            foreach (
                var second in new Action[]
                {
                    () => RunLock.Acquire(folder.Path),
                    () => RunLock.RefuseIfHeld(folder.Path),
                    () => Train(folder.Path),
                }
            )
            {
                var refused = Assert.Throws<InputException>(second).Message;
                Assert.Contains(
                    FormattableString.Invariant($"is in use by process {Environment.ProcessId} on {Environment.MachineName} since "),
                    refused,
                    StringComparison.Ordinal
                );
            }
        }

        RunLock.RefuseIfHeld(folder.Path);
        RunLock.Acquire(folder.Path).Dispose();
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_run_that_wrote_nothing_takes_back_what_it_made_and_no_more()
    {
        using var folder = new TemporaryFolder();
        var run = Path.Combine(folder.Path, "a", "b");
        RunLock.Acquire(run).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        using (RunLock.Acquire(run))
            File.WriteAllText(Path.Combine(run, "metrics.jsonl"), "");
        Assert.Equal(["metrics.jsonl", RunLock.Name], Directory.GetFiles(run).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        File.Delete(Path.Combine(run, "metrics.jsonl"));
        RunLock.Acquire(run).Dispose();
        Assert.True(File.Exists(Path.Combine(run, RunLock.Name)), "An earlier run's lock says that one has begun.");
    }

    [Fact]
    public void What_a_dead_process_left_refuses_nobody()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, RunLock.Name), []);
        var dead = LockHolder.Current() with { ProcessStarted = DateTimeOffset.UtcNow.AddDays(-1) };
        Assert.False(dead.IsRunning);
        Assert.True(LockHolder.Current().IsRunning);
        File.WriteAllBytes(Path.Combine(folder.Path, RunLock.HolderName), dead.ToJson());
        RunLock.Acquire(folder.Path).Dispose();
        File.WriteAllText(Path.Combine(folder.Path, RunLock.HolderName), "torn");
        RunLock.Acquire(folder.Path).Dispose();
    }

    [Fact]
    public async Task A_waiting_one_gets_the_folder_when_it_is_free()
    {
        using var folder = new TemporaryFolder();
        var first = RunLock.Acquire(folder.Path);
        var second = Task.Run(() => RunLock.Acquire(folder.Path, TimeSpan.FromMinutes(2)), TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    private void Train(string folder) =>
        new Trainer(TrainingText.Small, Variant.LowRank, text.Data, TrainingText.Options(folder, 1), new RecordingObserver()).Run(default);
}
