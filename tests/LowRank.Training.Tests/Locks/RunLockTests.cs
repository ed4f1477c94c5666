using LowRank.Training.Locks;
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
            foreach (var second in new Action[] { () => RunLock.Acquire(folder.Path), () => RunLock.RefuseIfHeld(folder.Path), () => Train(folder.Path) })
            {
                var refused = Assert.Throws<InputException>(second).Message;
                Assert.Contains(FormattableString.Invariant($"is in use by process {Environment.ProcessId} on {Environment.MachineName} since "), refused, StringComparison.Ordinal);
            }
        }

        RunLock.RefuseIfHeld(folder.Path);
        RunLock.Acquire(folder.Path).Dispose();
        Assert.Equal([RunLock.Name], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
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
