using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// Where recorded passes keep large activations and gradients on the CPU: blocks that go from tensor to tensor. The C library's allocator
/// either maps such blocks anew every time, which costs a page fault for each of their pages, or carves them out of a heap that falls to
/// pieces, which costs up to twice the memory. A block is handed out again once the last tensor that shares it is gone, and given back
/// to the system when two optimiser steps have done without it.
/// </summary>
internal static unsafe class ActivationMemory
{
    /// <summary>Smaller tensors are left to libtorch.</summary>
    public const long SmallestBytes = 1 << 18;

    private const long Granule = 1 << 16;
    private const nuint Alignment = 64;
    private const int StepsUnused = 2;
    private static readonly Lock Gate = new();
    private static readonly Dictionary<nint, long> InUse = [];
    private static readonly List<FreeBlock> Free = []; // By size, then by when they came back.
    private static long step;
    private static bool isMissing;

    /// <summary>Bytes of all blocks, in use or not.</summary>
    public static long HeldBytes
    {
        get
        {
            lock (Gate)
                return InUse.Values.Sum() + Free.Sum(block => block.Bytes);
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
        if (bytes < SmallestBytes || device.type != DeviceType.CPU || isMissing)
            return empty(shape, type, device);

        var block = Take(bytes);
        try
        {
            fixed (long* sizes = shape)
                return Tensor.UnsafeCreateTensor(THSTensor_new(block, &Return, sizes, shape.Length, (sbyte)type, (sbyte)type, (int)DeviceType.CPU, -1, 0));
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another version of TorchSharp: its tensors are made the usual way.
            isMissing = true;
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

    /// <summary>Ends an optimiser step: frees what it and the one before had no use for.</summary>
    public static void EndStep()
    {
        lock (Gate)
        {
            step++;
            FreeBlocks(StepsUnused);
        }
    }

    /// <summary>Frees all that no tensor holds.</summary>
    public static void FreeUnused()
    {
        lock (Gate)
            FreeBlocks(stepsUnused: 0);
    }

    private static nint Take(long bytes)
    {
        var size = (bytes + Granule - 1) / Granule * Granule;
        lock (Gate)
        {
            // The smallest that is large enough, unless an eighth of it would lie idle; of equal ones that which came back last.
            var best = -1;
            for (var index = 0; index < Free.Count && (best < 0 || Free[index].Bytes == Free[best].Bytes); index++)
            {
                if (Free[index].Bytes >= size && Free[index].Bytes <= size + size / 8)
                    best = index;
            }

            var block = best < 0 ? new FreeBlock((nint)NativeMemory.AlignedAlloc((nuint)size, Alignment), size, step) : Free[best];
            if (best >= 0)
                Free.RemoveAt(best);
            InUse.Add(block.Address, block.Bytes);
            return block.Address;
        }
    }

    // Called by libtorch, from whatever thread lets go of the last tensor.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Return(nint address) => GiveBack(address);

    private static void GiveBack(nint address)
    {
        lock (Gate)
        {
            InUse.Remove(address, out var bytes);
            var index = Free.FindLastIndex(block => block.Bytes <= bytes) + 1;
            Free.Insert(index, new FreeBlock(address, bytes, step));
        }
    }

    private static void FreeBlocks(int stepsUnused)
    {
        Free.RemoveAll(block =>
        {
            if (step - block.Since < stepsUnused)
                return false;
            NativeMemory.AlignedFree((void*)block.Address);
            return true;
        });
    }

    [DllImport("LibTorchSharp", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern nint THSTensor_new(
        nint data, delegate* unmanaged[Cdecl]<nint, void> deleter, long* sizes, int dimensions, sbyte type, sbyte dtype, int deviceType, int deviceIndex, byte requiresGradient);

    private readonly record struct FreeBlock(nint Address, long Bytes, long Since);
}
