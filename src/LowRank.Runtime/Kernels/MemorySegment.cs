using System.Runtime.InteropServices;

namespace LowRank.Kernels;

/// <summary>
/// A long stretch of memory from which blocks are taken and to which they come back, neighboring gaps becoming one. Only large blocks
/// lie in it, nothing small between them. Its pages are the system's until they are first written.
/// </summary>
internal sealed unsafe class MemorySegment : IDisposable
{
    private const long SmallestSegment = 128 << 20;
    private const long Granule = 1 << 14;
    private const nuint Alignment = 64;

    private readonly nint start;
    private readonly Dictionary<nint, long> blocks = [];
    private readonly List<(nint Address, long Bytes)> gaps; // By address.

    /// <summary>Allocates it.</summary>
    /// <param name="bytes">What has to fit in.</param>
    /// <exception cref="OutOfMemoryException">The system has no such stretch.</exception>
    public MemorySegment(long bytes)
    {
        Bytes = Math.Max(bytes, SmallestSegment);
        start = (nint)NativeMemory.AlignedAlloc((nuint)Bytes, Alignment);
        gaps = [(start, Bytes)];
    }

    /// <summary>Its length.</summary>
    public long Bytes { get; }

    /// <summary>The part of it that blocks take up.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>The step in which a block was last taken or given back.</summary>
    public long LastUse { get; set; }

    /// <summary>The size of the block that so many bytes take.</summary>
    public static long RoundUp(long bytes) => (bytes + Granule - 1) / Granule * Granule;

    /// <summary>Whether an address lies in it.</summary>
    public bool Contains(nint address) => address >= start && address < start + (nint)Bytes;

    /// <summary>The length of the smallest gap that takes a block; <see cref="long.MaxValue"/> if none does.</summary>
    public long SmallestGap(long bytes)
    {
        var smallest = long.MaxValue;
        foreach (var gap in gaps)
        {
            if (gap.Bytes >= bytes && gap.Bytes < smallest)
                smallest = gap.Bytes;
        }

        return smallest;
    }

    /// <summary>Takes a block from the smallest gap that is large enough. There must be one.</summary>
    public nint Take(long bytes)
    {
        var length = SmallestGap(bytes);
        var index = gaps.FindIndex(gap => gap.Bytes == length);
        var address = gaps[index].Address;
        if (length == bytes)
            gaps.RemoveAt(index);
        else
            gaps[index] = (address + (nint)bytes, length - bytes);
        blocks.Add(address, bytes);
        UsedBytes += bytes;
        return address;
    }

    /// <summary>Takes a block back.</summary>
    public void GiveBack(nint address)
    {
        blocks.Remove(address, out var bytes);
        UsedBytes -= bytes;
        var index = gaps.FindIndex(gap => gap.Address > address);
        if (index < 0)
            index = gaps.Count;
        if (index < gaps.Count && address + (nint)bytes == gaps[index].Address)
        {
            bytes += gaps[index].Bytes;
            gaps.RemoveAt(index);
        }

        if (index > 0 && gaps[index - 1].Address + (nint)gaps[index - 1].Bytes == address)
            gaps[index - 1] = (gaps[index - 1].Address, gaps[index - 1].Bytes + bytes);
        else
            gaps.Insert(index, (address, bytes));
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree((void*)start);
}
