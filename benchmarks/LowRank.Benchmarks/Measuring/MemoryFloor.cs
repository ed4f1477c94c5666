using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LowRank.Benchmarks.Measuring;

/// <summary>
/// The traffic of an optimizer step without its arithmetic: gradients are read, then values, gradients and two moments are read and
/// written. A step over as many parameters is hardly faster on the machine.
/// </summary>
internal sealed unsafe class MemoryFloor : IDisposable
{
    private const long Chunk = 1 << 16;
    private readonly long chunks;
    private readonly float*[] buffers;

    /// <summary>Allocates four buffers.</summary>
    /// <param name="count">Number of parameters.</param>
    public MemoryFloor(long count)
    {
        chunks = (count + Chunk - 1) / Chunk;
        buffers = new float*[4];
        for (var index = 0; index < buffers.Length; index++)
        {
            buffers[index] = (float*)NativeMemory.AlignedAlloc((nuint)(chunks * Chunk * sizeof(float)), 64);
            new Span<float>(buffers[index], checked((int)(chunks * Chunk))).Fill(1);
        }
    }

    /// <summary>One pass; returns its seconds.</summary>
    public double Pass()
    {
        var start = Stopwatch.GetTimestamp();
        Parallel.For(0, chunks, Read);
        Parallel.For(0, chunks, ReadAndWrite);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        foreach (var buffer in buffers)
            NativeMemory.AlignedFree(buffer);
    }

    private void Read(long chunk)
    {
        var sum = Vector512<float>.Zero;
        for (var i = chunk * Chunk; i < (chunk + 1) * Chunk; i += Vector512<float>.Count)
            sum += Vector512.Load(buffers[1] + i);
        buffers[1][chunk * Chunk] = Vector512.Sum(sum) > 0 ? 1 : 0;
    }

    private void ReadAndWrite(long chunk)
    {
        var (values, gradients, first, second) = ((nint)buffers[0], (nint)buffers[1], (nint)buffers[2], (nint)buffers[3]);
        for (var i = chunk * Chunk; i < (chunk + 1) * Chunk; i += Vector512<float>.Count)
        {
            var sum = Vector512.Load((float*)values + i) + Vector512.Load((float*)gradients + i);
            var other = Vector512.Load((float*)first + i) + Vector512.Load((float*)second + i);
            Vector512.Min(sum, other).Store((float*)values + i);
            other.Store((float*)first + i);
            sum.Store((float*)second + i);
            Vector512<float>.One.Store((float*)gradients + i);
        }
    }
}
