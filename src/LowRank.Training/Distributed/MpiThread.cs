using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LowRank.Training.Distributed;

/// <summary>
/// The one thread of this process that calls MPI. Before each operation the ranks' threads meet at a barrier that is looked at now and
/// then: a rank that computes longer keeps its cores, which a blocking call of the others would spin away from it. Once all are there,
/// the calls block, and nobody waits in them for more than data.
/// </summary>
internal sealed unsafe partial class MpiThread : IDisposable
{
    // How often the barrier is looked at in a row before a thread whose caller waits, too, begins to sleep.
    private const int EagerLooks = 50;
    private const uint ShortSleep = 50;

    // A rank that has died before the others can tell them nothing; they must not wait for it when they end.
    private static readonly TimeSpan FinalizePatience = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<Action<Mpi>> queue = [];
    private readonly object progress = new();
    private readonly ManualResetEventSlim awaited = new(initialState: false, spinCount: 0);
    private readonly Thread thread;
    private ControlChannel? channel;
    private Exception? error;
    private long asked;
    private long done;
    private long busyTicks;
    private long waitedTicks;
    private bool isFinished;

    /// <summary>Starts it and initializes MPI.</summary>
    /// <param name="load">Loads the library, on the thread.</param>
    public MpiThread(Func<Mpi> load)
    {
        // In the background: a thread that is stuck in a call doesn't keep the process from ending.
        thread = new Thread(() => Run(load)) { IsBackground = true, Name = "MPI" };
        asked = 1;
        thread.Start();
        Wait();
        waitedTicks = 0;
    }

    /// <summary>Time in which operations ran.</summary>
    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref busyTicks));

    /// <summary>Time spent in <see cref="Wait"/>.</summary>
    public TimeSpan Waited => Stopwatch.GetElapsedTime(0, waitedTicks);

    /// <summary>From now on, nothing is waited for once a rank has failed.</summary>
    public void Watch(ControlChannel ranks)
    {
        channel = ranks;
        _ = ranks.Broken.Register(() =>
        {
            lock (progress)
                Monitor.PulseAll(progress);
        });
    }

    /// <summary>Queues calls that one rank alone makes, or that need no meeting.</summary>
    public void Queue(Action<Mpi> calls)
    {
        ThrowIfFailed();
        Interlocked.Increment(ref asked);
        queue.Add(calls);
    }

    /// <summary>Queues calls that block until all ranks make them.</summary>
    public void QueueMeeting(Action<Mpi> calls) =>
        Queue(mpi =>
        {
            Meet(mpi);
            var start = Stopwatch.GetTimestamp();
            calls(mpi);
            Interlocked.Add(ref busyTicks, Stopwatch.GetTimestamp() - start);
        });

    /// <summary>Waits until everything is done that was queued.</summary>
    public void Wait()
    {
        var start = Stopwatch.GetTimestamp();
        if (!IsDone)
        {
            awaited.Set();
            lock (progress)
            {
                while (!IsDone && error is null && channel?.Broken.IsCancellationRequested is not true)
                    Monitor.Wait(progress);
            }

            awaited.Reset();
        }

        waitedTicks += Stopwatch.GetTimestamp() - start;
        ThrowIfFailed();
    }

    /// <summary>
    /// Finalizes MPI, where all ranks are well; they do the same. Where one isn't, the thread is left to itself: it may be stuck in a call
    /// that no other rank answers.
    /// </summary>
    public void Dispose()
    {
        if (isFinished || error is not null || channel?.Broken.IsCancellationRequested is true)
            return;
        isFinished = true;
        Interlocked.Increment(ref asked);
        queue.Add(mpi =>
        {
            Meet(mpi);
            mpi.FinalizeLibrary();
        });
        queue.CompleteAdding();
        awaited.Set();
        var limit = Stopwatch.StartNew();
        lock (progress)
        {
            while (!IsDone && error is null && channel?.Broken.IsCancellationRequested is not true && limit.Elapsed < FinalizePatience)
                Monitor.Wait(progress, TimeSpan.FromSeconds(1));
        }
    }

    private bool IsDone => Interlocked.Read(ref done) >= Interlocked.Read(ref asked);

    private void ThrowIfFailed()
    {
        // What another rank says is the reason of what fails here.
        channel?.ThrowIfBroken();
        if (Volatile.Read(ref error) is not { } reason)
            return;
        channel?.AwaitFailure();
        if (reason is InputException input)
            throw input;
        throw new MpiException(reason.Message);
    }

    private void Run(Func<Mpi> load)
    {
        try
        {
            Mpi mpi;
            // Without this, some libraries take over the signals in which the runtime recognizes null references and divisions by zero: as
            // soon as they are loaded, or once they are initialized.
            using (new FaultHandlers())
            {
                mpi = load();
                mpi.Initialize();
            }

            Advance();
            foreach (var calls in queue.GetConsumingEnumerable())
            {
                calls(mpi);
                Advance();
            }
        }
        catch (Exception reason) when (reason is MpiException or InputException or NotSupportedException or RankFailedException)
        {
            lock (progress)
            {
                error = reason;
                Monitor.PulseAll(progress);
            }
        }
    }

    private void Advance()
    {
        lock (progress)
        {
            done++;
            Monitor.PulseAll(progress);
        }
    }

    private void Meet(Mpi mpi)
    {
        nint request;
        mpi.BeginBarrier(&request);
        for (var looks = 0; !mpi.IsDone(&request); looks++)
        {
            channel?.ThrowIfBroken();
            if (!awaited.IsSet)
                looks = awaited.Wait(1) ? 0 : looks;
            else if (looks < EagerLooks)
                Thread.Yield();
            else
                SleepShortly();
        }
    }

    private static void SleepShortly()
    {
        if (OperatingSystem.IsWindows())
            Thread.Sleep(1);
        else
            _ = usleep(ShortSleep);
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int usleep(uint microseconds);
}
