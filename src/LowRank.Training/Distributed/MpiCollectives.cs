using System.Globalization;
using System.Text.RegularExpressions;
using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Training.Distributed;

/// <summary>
/// Collective operations over MPI, on tensors in the CPU's memory. They run on a thread of their own, beside what the caller computes. Sums
/// have the same bits on all ranks and in every repeat: their order depends on sizes and number of ranks alone.
/// </summary>
internal sealed unsafe partial class MpiCollectives : ICollectives
{
    // One call for a large tensor takes three times as long as slices of this size, which stay in the caches.
    private const int SliceBytes = 1 << 20;

    private readonly MpiThread thread;

    // For libraries that don't reduce in place: what the owner adds.
    private readonly byte[] slice = new byte[SliceBytes];
    private readonly int localWorld;
    private long bytes;

    /// <summary>Loads the launcher's MPI library and joins the other ranks.</summary>
    /// <param name="launcher">What has started this process.</param>
    /// <param name="variable">An environment variable's value.</param>
    /// <exception cref="InputException">There is no such library, or it isn't the launcher's.</exception>
    public MpiCollectives(Launcher launcher, Func<string, string?> variable)
    {
        localWorld = launcher.LocalWorld;
        var (engine, rank, world) = ("MPI", 0, 1);
        thread = new MpiThread(() => MpiLibrary.Load(launcher, variable));
        thread.Queue(mpi => (engine, rank, world) = (ShortName(mpi.LibraryVersion()), mpi.Rank, mpi.World));
        thread.Wait();
        (Engine, Rank, World) = (engine, rank, world);
        if (world != launcher.World || rank != launcher.Rank)
        {
            thread.Dispose();
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{launcher.Program} says that this is rank {launcher.Rank} of {launcher.World}, and {engine} that it is rank {rank} of {world}: that library doesn't belong to {launcher.Program}. {Advice(launcher, engine)}"
                )
            );
        }
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int World { get; }

    /// <inheritdoc/>
    public Device Device => CPU;

    /// <inheritdoc/>
    public string Engine { get; }

    /// <inheritdoc/>
    public bool RunsBeside => Math.Min(Environment.ProcessorCount, MachineCores.Count() / localWorld) > get_num_threads();

    /// <inheritdoc/>
    public CollectiveTimes Times => new(bytes, thread.Busy, thread.Waited);

    /// <summary>From now on, <see cref="Wait"/> ends with an exception once a rank has failed.</summary>
    public void Watch(ControlChannel channel) => thread.Watch(channel);

    /// <inheritdoc/>
    public void AllReduce(IReadOnlyList<Tensor> tensors) => Queue(MpiAction.AllReduce, tensors.Select(tensor => new OwnedPart(tensor, 0)));

    /// <inheritdoc/>
    public void ReduceScatter(IReadOnlyList<OwnedPart> parts) => Queue(MpiAction.Reduce, parts);

    /// <inheritdoc/>
    public void AllGather(IReadOnlyList<OwnedPart> parts) => Queue(MpiAction.Broadcast, parts);

    /// <inheritdoc/>
    public void Broadcast(IReadOnlyList<Tensor> tensors, int root) =>
        Queue(MpiAction.Broadcast, tensors.Select(tensor => new OwnedPart(tensor, root)));

    /// <inheritdoc/>
    public void Wait() => thread.Wait();

    /// <inheritdoc/>
    public void Dispose() => thread.Dispose();

    private void Queue(MpiAction action, IEnumerable<OwnedPart> parts)
    {
        List<MpiPart> queued = [];
        foreach (var (tensor, owner) in parts)
        {
            if (owner < 0 || owner >= World)
                throw new ArgumentOutOfRangeException(nameof(parts), owner, "There is no such rank.");
            if (tensor.device_type != TorchSharp.DeviceType.CPU || !tensor.is_contiguous())
                throw new ArgumentException("MPI takes contiguous tensors in the CPU's memory.", nameof(parts));
            var count = tensor.numel();
            if (count == 0)
                continue;
            queued.Add(new MpiPart(tensor, (nint)TensorMemory.AddressOnDevice(tensor), count, tensor.dtype, owner));
            bytes += count * ItemBytes(tensor.dtype);
        }

        if (queued.Count > 0)
            thread.QueueMeeting(mpi => queued.ForEach(part => InSlices(mpi, action, part)));
    }

    private void InSlices(Mpi mpi, MpiAction action, MpiPart part)
    {
        var size = ItemBytes(part.Type);
        var length = SliceBytes / size;
        for (long at = 0; at < part.Count; at += length)
        {
            var data = (byte*)part.Address + (at * size);
            var count = (int)Math.Min(length, part.Count - at);
            switch (action)
            {
                case MpiAction.AllReduce:
                    mpi.AllReduce(data, count, part.Type);
                    break;
                case MpiAction.Reduce:
                    var isCopied = part.Owner == Rank && !mpi.ReducesInPlace;
                    if (isCopied)
                        new ReadOnlySpan<byte>(data, count * size).CopyTo(slice);
                    fixed (byte* copy = slice)
                        mpi.Reduce(isCopied ? copy : data, data, count, part.Type, part.Owner);
                    break;
                default:
                    mpi.Broadcast(data, count, part.Type, part.Owner);
                    break;
            }
        }

        GC.KeepAlive(part.Tensor);
    }

    private static int ItemBytes(ScalarType type) =>
        type switch
        {
            ScalarType.Float32 => sizeof(float),
            ScalarType.Float64 => sizeof(double),
            ScalarType.Int64 => sizeof(long),
            ScalarType.Byte => sizeof(byte),
            _ => throw new NotSupportedException($"Ranks exchange float32, float64, int64 and uint8, not {type}."),
        };

    /// <summary>Name and version, of all that a library says of itself.</summary>
    internal static string ShortName(string version)
    {
        var match = Version().Match(version);
        return match.Success ? $"{match.Groups["name"].Value.Trim()} {match.Groups["version"].Value}" : version.Split('\n')[0].Trim();
    }

    private static string Advice(Launcher launcher, string engine) =>
        launcher.Kind == LauncherKind.Slurm
            ? "Start srun with its option mpi set to pmix or pmi2 (whichever it lists), or start with mpirun."
            : $"Start with the mpirun or mpiexec of {engine}, or let LD_LIBRARY_PATH name the library of {launcher.Program}.";

    // "Open MPI v4.1.4, package: …", "MPICH Version:\t4.0.2", "Intel(R) MPI Library 2021.8 for Linux* OS".
    [GeneratedRegex(@"^(?<name>\S.*?)(?:\s+v|\s+Version\s*:\s*|\s+)(?<version>\d[\w.\-]*)")]
    private static partial Regex Version();
}
