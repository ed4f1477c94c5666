using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// Where recorded passes keep large activations and gradients on the CPU: blocks that go from tensor to tensor. The C library's allocator
/// either maps such blocks anew every time, which costs a page fault for each of their pages, or carves them out of a heap that falls to
/// pieces, which costs up to twice the memory. A block is free again once the last tensor that shares it is gone, and what two optimizer
/// steps have done without goes back to the system.
/// </summary>
internal static unsafe class ActivationMemory
{
    /// <summary>The environment variable that leaves all tensors to libtorch's allocator if it is 0.</summary>
    public const string Switch = "LOWRANK_ACTIVATION_MEMORY";

    /// <summary>Smaller tensors are left to libtorch.</summary>
    public const long SmallestBytes = 1 << 16;

    private const int StepsUnused = 2;

    private static readonly Lock Gate = new();
    private static readonly List<MemorySegment> Segments = [];
    private static long step;
    private static bool isOff = Environment.GetEnvironmentVariable(Switch) == "0";

    /// <summary>Bytes that tensors hold now.</summary>
    public static long UsedBytes
    {
        get
        {
            lock (Gate)
                return Segments.Sum(segment => segment.UsedBytes);
        }
    }

    /// <summary>Bytes of the segments, in use or not; of what was never used the system has given none.</summary>
    public static long ReservedBytes
    {
        get
        {
            lock (Gate)
                return Segments.Sum(segment => segment.Bytes);
        }
    }

    /// <summary>A tensor whose elements are not set.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="device">Where it lies. On other devices than the CPU, libtorch allocates.</param>
    public static Tensor Empty(long[] shape, ScalarType type, Device device)
    {
        long bytes = type.ElementSize();
        foreach (var size in shape)
            bytes *= size;
        if (bytes < SmallestBytes || device.type != DeviceType.CPU || isOff)
            return empty(shape, type, device);

        var block = Take(bytes);
        try
        {
            fixed (long* sizes = shape)
                return Tensor.UnsafeCreateTensor(
                    THSTensor_new(block, &Return, sizes, shape.Length, (sbyte)type, (sbyte)type, (int)DeviceType.CPU, -1, 0)
                );
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another version of TorchSharp: its tensors are made the usual way.
            isOff = true;
            GiveBack(block);
            return empty(shape, type, device);
        }
    }

    /// <summary>A tensor of another one's shape, type and device.</summary>
    public static Tensor EmptyLike(Tensor tensor) => Empty(tensor.shape, tensor.dtype, tensor.device);

    /// <summary>A copy in another type, rows one behind the other.</summary>
    public static Tensor Cast(Tensor tensor, ScalarType type) => Empty(tensor.shape, type, tensor.device).copy_(tensor);

    /// <summary>A copy whose rows stand one behind the other, or another name of a tensor of which that is true.</summary>
    public static Tensor Contiguous(Tensor tensor) => tensor.is_contiguous() ? tensor.alias() : Cast(tensor, tensor.dtype);

    /// <summary>Ends an optimizer step: frees what it and the one before had no use for.</summary>
    public static void EndStep()
    {
        lock (Gate)
        {
            step++;
            FreeSegments(StepsUnused);
        }
    }

    /// <summary>Frees all that no tensor holds.</summary>
    public static void FreeUnused()
    {
        lock (Gate)
            FreeSegments(stepsUnused: 0);
    }

    private static nint Take(long bytes)
    {
        var size = MemorySegment.RoundUp(bytes);
        lock (Gate)
        {
            // The smallest gap that is large enough, the first of equal ones: so the large ones stay whole.
            var best = Segments.MinBy(segment => segment.SmallestGap(size));
            if (best is null || best.SmallestGap(size) == long.MaxValue)
            {
                best = new MemorySegment(size);
                Segments.Add(best);
            }

            best.LastUse = step;
            return best.Take(size);
        }
    }

    // Called by libtorch, from whatever thread lets go of the last tensor.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Return(nint address) => GiveBack(address);

    private static void GiveBack(nint address)
    {
        lock (Gate)
        {
            var segment = Segments.Find(segment => segment.Contains(address))!;
            segment.LastUse = step;
            segment.GiveBack(address);
        }
    }

    private static void FreeSegments(int stepsUnused) =>
        Segments.RemoveAll(segment =>
        {
            if (segment.UsedBytes > 0 || step - segment.LastUse < stepsUnused)
                return false;
            segment.Dispose();
            return true;
        });

    [DllImport("LibTorchSharp", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern nint THSTensor_new(
        nint data,
        delegate* unmanaged[Cdecl]<nint, void> deleter,
        long* sizes,
        int dimensions,
        sbyte type,
        sbyte dtype,
        int deviceType,
        int deviceIndex,
        byte requiresGradient
    );
}
