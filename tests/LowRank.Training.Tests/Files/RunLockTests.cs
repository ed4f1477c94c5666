using System.Collections.Concurrent;
using LowRank.Training.Checkpoints;
using LowRank.Training.Files;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Tests.Loop;

namespace LowRank.Training.Tests.Files;

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

    [Fact]
    public void Of_many_that_take_a_new_folder_at_once_one_gets_it()
    {
        const int Rounds = 15;
        const int Takers = 6;
        using var folder = new TemporaryFolder();
        for (var round = 0; round < Rounds; round++)
        {
            var run = Path.Combine(folder.Path, FormattableString.Invariant($"{round}"), "run");
            var winners = 0;
            var refusals = new ConcurrentBag<string>();
            using var start = new Barrier(Takers);
            var takers = Enumerable.Range(0, Takers).Select(_ => new Thread(Take)).ToList();
            takers.ForEach(taker => taker.Start());
            takers.ForEach(taker => taker.Join());
            Assert.True(winners == 1, FormattableString.Invariant($"Round {round}: {winners} got it. {string.Join(' ', refusals)}"));
            Assert.All(
                refusals,
                refusal =>
                    Assert.True(
                        refusal.Contains(" is in use by process ", StringComparison.Ordinal) || refusal == NewFolder.NotEmpty(run).Message,
                        refusal
                    )
            );

            void Take()
            {
                start.SignalAndWait();
                try
                {
                    using var held = NewRun.Take(run);
                    Interlocked.Increment(ref winners);
                    File.WriteAllText(Path.Combine(run, "metrics.jsonl"), "");
                }
                catch (InputException refusal)
                {
                    refusals.Add(refusal.Message);
                }
            }
        }
    }

    [Fact]
    public void A_lock_that_is_removed_while_others_take_it_is_held_by_one()
    {
        const int Takers = 4;
        const int Times = 100;
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, RunLock.Name);
        var within = 0;
        var most = 0;
        var takers = Enumerable.Range(0, Takers).Select(_ => new Thread(TakeAndRemove)).ToList();
        takers.ForEach(taker => taker.Start());
        takers.ForEach(taker => taker.Join());
        Assert.Equal(1, most);

        void TakeAndRemove()
        {
            for (var taken = 0; taken < Times; )
            {
                if (FileLock.Acquire(path, TimeSpan.Zero, null, CancellationToken.None) is not { } held)
                    continue;
                taken++;
                if (Interlocked.Increment(ref within) is var together && together > 1)
                    Volatile.Write(ref most, together);
                else if (Volatile.Read(ref most) == 0)
                    Volatile.Write(ref most, 1);
                Thread.Yield();
                Interlocked.Decrement(ref within);
                held.Remove();
                held.Dispose();
            }
        }
    }

    private void Train(string folder) =>
        new Trainer(TrainingText.Small, Variant.LowRank, text.Data, TrainingText.Options(folder, 1), new RecordingObserver()).Run(default);
}
