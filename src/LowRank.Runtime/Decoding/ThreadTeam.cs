using System.Diagnostics;

namespace LowRank.Decoding;

/// <summary>
/// Threads that share work of a few microseconds with the caller: chunks are taken one by one by whoever is free, so that the caller waits
/// for nobody who got no time on a core. Between two pieces of work the threads spin for a moment, then they sleep.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    // Longer than the pauses between the layers of a token. Sleep costs the caller a call to the system at the next token.
    private static readonly long SpinTicks = Stopwatch.Frequency / 10_000;
    private readonly Worker[] workers;

    // Upper half: which piece of work; lower half: its chunks that nobody has taken. One word, so that nobody who comes late takes a
    // chunk of other work than he thinks.
    private long open;
    private long piece;
    private int unfinished;
    private int count;
    private Job? job;
    private volatile bool ended;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Number of threads, the caller included.</param>
    public ThreadTeam(int threads)
    {
        workers = new Worker[Math.Max(0, threads - 1)];
        for (var index = 0; index < workers.Length; index++)
        {
            var worker = workers[index] = new Worker();
            worker.Thread = new Thread(() => Serve(worker)) { IsBackground = true, Name = "decoding" };
            worker.Thread.Start();
        }
    }

    /// <summary>Runs all chunks of a job and returns when they are done.</summary>
    public void Run(Job work, int chunks)
    {
        if (workers.Length == 0 || chunks == 1)
        {
            for (var chunk = 0; chunk < chunks; chunk++)
                work.Run(chunk);
            return;
        }

        (job, count, unfinished) = (work, chunks, chunks);
        Interlocked.Exchange(ref open, ++piece << 32 | (uint)chunks);
        foreach (var worker in workers)
            worker.Wake();
        Work();
        var wait = default(SpinWait);
        while (Volatile.Read(ref unfinished) > 0)
            wait.SpinOnce(sleep1Threshold: -1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ended = true;
        foreach (var worker in workers)
        {
            worker.Wake();
            worker.Thread!.Join();
            worker.Dispose();
        }
    }

    private bool NeedsHands => ended || (int)Volatile.Read(ref open) != 0;

    private bool Work()
    {
        var worked = false;
        while (true)
        {
            var seen = Volatile.Read(ref open);
            var left = (int)seen;
            if (left == 0)
                return worked;
            if (Interlocked.CompareExchange(ref open, seen - 1, seen) != seen)
                continue;
            // As long as this chunk isn't done, the caller doesn't return, and job and count stay what they are.
            job!.Run(count - left);
            Interlocked.Decrement(ref unfinished);
            worked = true;
        }
    }

    private void Serve(Worker worker)
    {
        var idleSince = Stopwatch.GetTimestamp();
        while (!ended)
        {
            if (Work())
                idleSince = Stopwatch.GetTimestamp();
            else if (Stopwatch.GetTimestamp() - idleSince < SpinTicks)
                Thread.SpinWait(2);
            else
                idleSince = worker.Sleep(this);
        }
    }

    private sealed class Worker : IDisposable
    {
        private readonly AutoResetEvent awake = new(false);
        private int sleeps;

        public Thread? Thread { get; set; }

        public void Wake()
        {
            if (Volatile.Read(ref sleeps) != 0 && Interlocked.Exchange(ref sleeps, 0) != 0)
                awake.Set();
        }

        /// <summary>Sleeps until somebody wakes it, unless there is work already. Returns the time after it.</summary>
        public long Sleep(ThreadTeam team)
        {
            Interlocked.Exchange(ref sleeps, 1);
            // Whoever brought work before that exchange has seen nobody asleep.
            if (!team.NeedsHands || Interlocked.Exchange(ref sleeps, 0) == 0)
                awake.WaitOne();
            return Stopwatch.GetTimestamp();
        }

        public void Dispose() => awake.Dispose();
    }
}
