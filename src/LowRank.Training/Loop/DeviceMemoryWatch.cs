using System.Collections.Concurrent;
using LowRank.Cuda;
using static TorchSharp.torch;

namespace LowRank.Training.Loop;

/// <summary>
/// By how much the used memory of a GPU has grown since the process began to train there, at most. The driver counts it: with what
/// libtorch keeps for later and what the kernels take that are loaded on the way, without the process's context, and with whatever other
/// processes took or gave back meanwhile. libtorch keeps what it has once taken, so looking now and then finds the peak.
/// </summary>
internal sealed class DeviceMemoryWatch
{
    // A run that follows another one in a process finds what libtorch kept of it.
    private static readonly ConcurrentDictionary<int, long> Beginnings = new();

    private readonly Func<long?> used;
    private readonly long beginning;

    /// <summary>Begins to watch the GPU on which a run computes; there is nothing to watch on the CPU.</summary>
    /// <param name="device">The device.</param>
    /// <param name="earlierPeak">The peak of earlier sittings of the same run, in bytes.</param>
    public DeviceMemoryWatch(Device device, long? earlierPeak)
        : this(
            device.type == TorchSharp.DeviceType.CUDA ? () => UsedBytes(device.index) : () => null,
            first => Beginnings.GetOrAdd(device.index, first),
            earlierPeak
        ) { }

    /// <summary>The same for any source.</summary>
    /// <param name="used">Used bytes; null where nobody knows.</param>
    /// <param name="began">From the used bytes now those from which growth is counted.</param>
    /// <param name="earlierPeak">The peak of earlier sittings of the same run, in bytes.</param>
    internal DeviceMemoryWatch(Func<long?> used, Func<long, long> began, long? earlierPeak)
    {
        this.used = used;
        PeakBytes = earlierPeak;
        if (used() is { } now)
            beginning = began(now);
    }

    /// <summary>The largest growth so far; null on the CPU, and where nobody knows.</summary>
    public long? PeakBytes { get; private set; }

    private static long? UsedBytes(int index)
    {
        if (CudaDevices.Of(index)?.Memory() is not { } memory)
            return null;
        return memory.Total - memory.Free;
    }

    /// <summary>Looks how much is used now.</summary>
    public void Look()
    {
        if (used() is { } now)
            PeakBytes = Math.Max(PeakBytes ?? 0, now - beginning);
    }
}
