using LowRank.Cuda;
using static TorchSharp.torch;

namespace LowRank.Training.Distributed;

/// <summary>
/// Collective operations by NCCL, on a stream of their own beside the one on which libtorch computes. Each waits on the GPU for what was
/// computed before it was asked for, and <see cref="Wait"/> lets the computing stream wait for all of them; the host waits for neither. A
/// failure of any rank aborts what runs, and everything asked for afterwards throws, but what the GPU has computed from unfinished
/// operations is wrong by then. Who reads results on the host calls <see cref="Wait"/> once more after that, before it trusts them or
/// writes
/// them to a file. Not run on a GPU yet.
/// </summary>
internal sealed class NcclCollectives : ICollectives
{
    // More than that some versions refuse.
    private const int MostInAGroup = 2048;

    private readonly CudaDevice gpu;
    private readonly CudaEvents events;
    private readonly CudaStream streams;
    private readonly NcclCommunicator communicator;
    private readonly NcclParts parts;
    private readonly nint stream;

    // Recorded anew for every operation: a stream that waits for an event waits for what it stood for when the wait was asked for.
    private readonly nint computed;
    private readonly nint done;
    private readonly CudaStopwatch busy;
    private readonly CudaStopwatch waited;
    private long bytes;
    private bool isOutstanding;
    private bool isDisposed;

    /// <summary>Joins a group.</summary>
    /// <param name="rank">This rank.</param>
    /// <param name="world">Number of ranks.</param>
    /// <param name="device">Where tensors are.</param>
    /// <param name="machine">NCCL and the GPU.</param>
    /// <param name="exchange">Gives all ranks what the first one passes; the others pass null.</param>
    /// <param name="peers">The other ranks.</param>
    /// <inheritdoc cref="Join(int, int, Device, Func{byte[], byte[]}, NcclPeers)" path="/exception"/>
    public NcclCollectives(int rank, int world, Device device, NcclMachine machine, Func<byte[]?, byte[]> exchange, NcclPeers peers)
    {
        Rank = rank;
        World = world;
        Device = device;
        Engine = $"NCCL {machine.Nccl.Version}";
        gpu = machine.Gpu;
        events = gpu.Driver.Events;
        streams = machine.Streams;
        parts = new NcclParts(rank, world);
        communicator = new NcclCommunicator(machine, rank, world, ExchangeId(rank, machine.Nccl, exchange), peers);
        using var current = gpu.Use();
        stream = events.CreateStream();
        computed = events.Create(hasTime: false);
        done = events.Create(hasTime: false);
        busy = new CudaStopwatch(events);
        waited = new CudaStopwatch(events);
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int World { get; }

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public string Engine { get; }

    /// <inheritdoc/>
    public bool RunsBeside => true;

    /// <summary>
    /// What was moved, and the GPU's time for it as far as it has got: <see cref="CollectiveTimes.Busy"/> is that of the operations,
    /// waiting
    /// for other ranks included, <see cref="CollectiveTimes.Waited"/> that in which the computing stream stood still for them.
    /// </summary>
    public CollectiveTimes Times
    {
        get
        {
            using var current = gpu.Use();
            return new CollectiveTimes(bytes, busy.Total(), waited.Total());
        }
    }

    /// <summary>Joins a group on a GPU of libtorch's, by NCCL as it is found, with ranks that hear of each other.</summary>
    /// <param name="channel">How they do.</param>
    /// <param name="device">The GPU.</param>
    /// <inheritdoc cref="Join(int, int, Device, Func{byte[], byte[]}, NcclPeers)" path="/exception"/>
    public static NcclCollectives Join(ControlChannel channel, Device device) =>
        Join(channel.Rank, channel.World, device, id => channel.Share(id ?? []), new(() => channel.Failure, channel.Broken));

    /// <summary>Joins a group on a GPU of libtorch's, by NCCL as it is found.</summary>
    /// <param name="rank">This rank.</param>
    /// <param name="world">Number of ranks.</param>
    /// <param name="device">The GPU.</param>
    /// <param name="exchange">Gives all ranks what the first one passes; the others pass null.</param>
    /// <param name="peers">The other ranks.</param>
    /// <exception cref="InputException">There is no NCCL, or it refuses these ranks, such as two of them on one GPU.</exception>
    /// <exception cref="NcclException">NCCL fails.</exception>
    /// <exception cref="RankFailedException">Another rank has failed.</exception>
    public static NcclCollectives Join(int rank, int world, Device device, Func<byte[]?, byte[]> exchange, NcclPeers peers) =>
        new(rank, world, device, NcclMachine.Find(KernelLaunchers.Machine, Math.Max(device.index, 0)), exchange, peers);

    /// <inheritdoc/>
    public void AllReduce(IReadOnlyList<Tensor> tensors) =>
        Run(
            [.. Buffers(tensors)],
            buffers => buffers.Select(x => new NcclCall(NcclOperation.AllReduce, x.Address, x.Address, (nuint)x.Count, x.Type, 0))
        );

    /// <inheritdoc/>
    public void ReduceScatter(IReadOnlyList<OwnedPart> parts) => Run(Owned(parts), this.parts.ReduceScatter);

    /// <inheritdoc/>
    public void AllGather(IReadOnlyList<OwnedPart> parts) => Run(Owned(parts), this.parts.AllGather);

    /// <inheritdoc/>
    public void Broadcast(IReadOnlyList<Tensor> tensors, int root)
    {
        CheckRank(root, nameof(root));
        Run(
            [.. Buffers(tensors)],
            buffers => buffers.Select(x => new NcclCall(NcclOperation.Broadcast, x.Address, x.Address, (nuint)x.Count, x.Type, root))
        );
    }

    /// <inheritdoc/>
    /// <exception cref="NcclException">NCCL has failed.</exception>
    public void Wait()
    {
        communicator.Check();
        if (!isOutstanding)
            return;
        using var current = gpu.Use();
        var computing = streams.Current(gpu.Index);
        waited.Start(computing);
        // What is freed now goes back to libtorch's allocator, which may give it to whatever comes next on the computing stream: after
        // this,
        // that comes after the operations. So the allocator needn't know that another stream has used the tensors (its record_stream).
        events.Wait(computing, done);
        waited.Stop(computing);
        isOutstanding = false;
    }

    /// <summary>Lets the host wait until everything that was asked for is done.</summary>
    /// <exception cref="NcclException">NCCL has failed.</exception>
    /// <exception cref="RankFailedException">Another rank has failed.</exception>
    public void Synchronize()
    {
        using var current = gpu.Use();
        do
        {
            communicator.Check();
            Thread.Yield();
        } while (!events.HasHappened(done));
        // An operation that was aborted is done as well.
        communicator.Check();
    }

    /// <summary>Leaves the group, which takes until all do, or seconds. A rank that fails tells the others before.</summary>
    public void Dispose()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        communicator.Dispose();
        try
        {
            using var current = gpu.Use();
            busy.Dispose();
            waited.Dispose();
            events.Destroy(done);
            events.Destroy(computed);
            events.DestroyStream(stream);
        }
        catch (CudaException)
        {
            // After a failure on the GPU the driver refuses everything. Whoever disposes because of it knows a better message.
        }
    }

    private static NcclUniqueId ExchangeId(int rank, NcclLibrary nccl, Func<byte[]?, byte[]> exchange)
    {
        if (rank != 0)
            return new NcclUniqueId(exchange(null));
        var result = nccl.GetUniqueId(out var id);
        if (result != NcclResult.Success)
            throw new NcclException($"NCCL makes no id for the group: {nccl.Explain(result)}.", result);
        return new NcclUniqueId(exchange(id.ToArray()));
    }

    // Tensors without elements are left out, at all ranks alike.
    private IEnumerable<NcclBuffer> Buffers(IEnumerable<Tensor> tensors) =>
        tensors.Select(tensor => NcclBuffer.Of(tensor, Device)).Where(buffer => buffer.Count > 0);

    private List<(NcclBuffer Buffer, int Owner)> Owned(IReadOnlyList<OwnedPart> parts)
    {
        var owned = new List<(NcclBuffer Buffer, int Owner)>(parts.Count);
        foreach (var part in parts)
        {
            CheckRank(part.Owner, nameof(parts));
            var buffer = NcclBuffer.Of(part.Part, Device);
            if (buffer.Count > 0)
                owned.Add((buffer, part.Owner));
        }

        return owned;
    }

    private void CheckRank(int rank, string argument)
    {
        if (rank < 0 || rank >= World)
            throw new ArgumentOutOfRangeException(argument, rank, $"There are {World} ranks, counted from 0.");
    }

    private void Run(List<(NcclBuffer Buffer, int Owner)> owned, Func<List<(NcclBuffer Buffer, int Owner)>, IEnumerable<NcclCall>> calls) =>
        Run([.. owned.Select(part => part.Buffer)], _ => calls(owned));

    private void Run(List<NcclBuffer> buffers, Func<List<NcclBuffer>, IEnumerable<NcclCall>> calls)
    {
        if (buffers.Count == 0)
            return;
        using var current = gpu.Use();
        events.Record(computed, streams.Current(gpu.Index));
        events.Wait(stream, computed);
        busy.Start(stream);
        foreach (var group in calls(buffers).Chunk(MostInAGroup))
            communicator.Enqueue(group, stream);
        busy.Stop(stream);
        events.Record(done, stream);
        isOutstanding = true;
        bytes += buffers.Sum(buffer => buffer.Bytes);
    }
}
