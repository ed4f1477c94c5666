using System.Diagnostics;
using System.Runtime.InteropServices;
using LowRank.Cuda;

namespace LowRank.Training.Distributed;

/// <summary>
/// This rank's membership in a group of NCCL. Its calls don't block: who waits asks how it goes, and a failure of any rank, told by NCCL or
/// beside it, aborts what runs on the GPU and ends the wait. A thread of its own looks as well, since the caller may be waiting for the
/// GPU.
/// Not run on a GPU yet.
/// </summary>
internal sealed class NcclCommunicator : IDisposable
{
    // A call is done within microseconds, but for the first, which connects the ranks.
    private static readonly TimeSpan Spinning = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Watching = TimeSpan.FromMilliseconds(200);

    private readonly NcclLibrary nccl;
    private readonly CudaDevice gpu;
    private readonly NcclPeers peers;
    private readonly Thread watch;
    private readonly ManualResetEvent closing = new(false);
    private readonly ManualResetEvent broken = new(false);
    private readonly CancellationTokenRegistration whenBroken;

    // Held for every call that takes the communicator, none of which blocks.
    private readonly Lock gate = new();
    private nint communicator;
    private Func<Exception>? ending;

    /// <summary>Joins a group, which takes until all its ranks do.</summary>
    /// <param name="machine">NCCL and the GPU.</param>
    /// <param name="rank">This rank.</param>
    /// <param name="world">Number of ranks.</param>
    /// <param name="id">The group's id, the same at all ranks.</param>
    /// <param name="peers">The other ranks.</param>
    /// <exception cref="InputException">NCCL refuses these ranks, such as two of them on one GPU.</exception>
    /// <exception cref="NcclException">NCCL fails.</exception>
    /// <exception cref="RankFailedException">Another rank has failed.</exception>
    public NcclCommunicator(NcclMachine machine, int rank, int world, NcclUniqueId id, NcclPeers peers)
    {
        nccl = machine.Nccl;
        gpu = machine.Gpu;
        this.peers = peers;
        whenBroken = peers.Broken.Register(() => broken.Set());
        NcclResult result;
        lock (gate)
        {
            using var current = gpu.Use();
            result = nccl.Initialize(out communicator, world, id, rank);
        }

        try
        {
            Settle(result, $"Joining {world} ranks by NCCL", null);
        }
        catch (NcclException exception) when (exception.Result == NcclResult.InvalidUsage)
        {
            throw new InputException(
                $"{exception.Message} Each rank needs a GPU of its own: start no more ranks on a machine than it has GPUs, and let "
                    + $"{LocalGpu.Variable} name different ones."
            );
        }

        watch = new Thread(Watch) { IsBackground = true, Name = "NCCL" };
        watch.Start();
    }

    /// <summary>Puts calls into a stream, all of them at once.</summary>
    /// <exception cref="NcclException">NCCL fails.</exception>
    /// <exception cref="RankFailedException">Another rank has failed.</exception>
    public void Enqueue(IEnumerable<NcclCall> calls, nint stream)
    {
        NcclResult result;
        lock (gate)
        {
            var current = Living();
            using var context = gpu.Use();
            result = nccl.BeginGroup();
            if (result == NcclResult.Success)
            {
                foreach (var call in calls)
                {
                    result = nccl.Call(call, current, stream);
                    if (result is not (NcclResult.Success or NcclResult.InProgress))
                        break;
                }

                // Whatever has failed: this thread would stay within the group.
                var end = nccl.EndGroup();
                if (result is NcclResult.Success or NcclResult.InProgress)
                    result = end;
            }
        }

        // Before that the operations may not be in the stream, and an event that is recorded there would come before them.
        Settle(result, "An operation of NCCL", null);
    }

    /// <summary>Fails if this rank, NCCL or another rank has.</summary>
    /// <exception cref="NcclException">NCCL has failed.</exception>
    /// <exception cref="RankFailedException">Another rank has failed.</exception>
    public void Check()
    {
        var state = State();
        if (peers.Broken.IsCancellationRequested)
            throw End(null);
        if (state is not (NcclResult.Success or NcclResult.InProgress))
            throw Fail(state, "An operation of NCCL");
    }

    /// <summary>Leaves the group; where something has failed, or others don't leave within seconds, by aborting what runs.</summary>
    public void Dispose()
    {
        closing.Set();
        watch.Join();
        try
        {
            Settle(WithCommunicator(nccl.Complete), "Leaving NCCL's group", peers.Parting);
            lock (gate)
            {
                using var context = gpu.Use();
                _ = nccl.Destroy(communicator);
                communicator = 0;
            }
        }
        catch (Exception exception) when (exception is ExternalException or RankFailedException or ObjectDisposedException)
        {
            // It is gone in another way. Whoever had to be told was.
        }

        whenBroken.Dispose();
        closing.Dispose();
        broken.Dispose();
    }

    private NcclResult State() => WithCommunicator(nccl.State);

    private NcclResult WithCommunicator(Func<nint, NcclResult> call)
    {
        lock (gate)
        {
            var current = Living();
            using var context = gpu.Use();
            return call(current);
        }
    }

    private nint Living() =>
        communicator != 0 ? communicator : throw (ending?.Invoke() ?? new ObjectDisposedException(nameof(NcclCommunicator)));

    // Waits until a call has done its work on the host.
    private void Settle(NcclResult result, string what, TimeSpan? limit)
    {
        var began = Stopwatch.GetTimestamp();
        var spin = new SpinWait();
        while (result == NcclResult.InProgress)
        {
            if (peers.Broken.IsCancellationRequested)
                throw End(null);
            var elapsed = Stopwatch.GetElapsedTime(began);
            if (elapsed > limit)
                throw End(() => new NcclException($"{what} took more than {limit.Value.TotalSeconds:0} s.", NcclResult.InProgress));
            if (elapsed < Spinning)
                spin.SpinOnce(sleep1Threshold: -1);
            else
                Thread.Sleep(1);
            result = State();
        }

        if (result != NcclResult.Success)
            throw Fail(result, what);
    }

    private void Watch()
    {
        WaitHandle[] reasons = [closing, broken];
        while (WaitHandle.WaitAny(reasons, Watching) != 0)
        {
            try
            {
                Check();
            }
            catch (Exception exception) when (exception is ExternalException or RankFailedException)
            {
                // Kept for the caller, whose wait on the GPU is over now; the driver's own errors meet it there.
                return;
            }
        }
    }

    private Exception Fail(NcclResult result, string what)
    {
        var meaning = nccl.Explain(result);
        // So NCCL sees a dead peer. Who it was is told by others, if not yet.
        if (result is NcclResult.RemoteError or NcclResult.SystemError)
            broken.WaitOne(peers.Grace);
        return End(() => new NcclException($"{what} failed: {meaning}.", result));
    }

    // The first reason is the one that is told; one that names a rank comes before all others.
    private Exception End(Func<Exception>? reason)
    {
        var failure = peers.Failure();
        if (failure is not null)
            reason = () => new RankFailedException(failure);
        reason ??= () => new NcclException("Another rank has failed.", NcclResult.RemoteError);
        Func<Exception> told;
        nint left;
        lock (gate)
        {
            told = ending ??= reason;
            left = communicator;
            communicator = 0;
        }

        if (left != 0)
            Abort(left);
        return told();
    }

    // On a thread that nobody has to wait for: NCCL waits for its kernels and the driver.
    private void Abort(nint left)
    {
        var abort = new Thread(() =>
        {
            try
            {
                using var current = gpu.Use();
                _ = nccl.Abort(left);
            }
            catch (ExternalException)
            {
                // The driver has failed as well: nothing runs any more.
            }
        })
        {
            IsBackground = true,
            Name = "NCCL's end",
        };
        abort.Start();
        abort.Join(peers.Parting);
    }
}
