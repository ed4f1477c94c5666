using System.Diagnostics;
using LowRank.Training;

namespace LowRank.Benchmarks.Measuring;

/// <summary>What this process holds of the machine, after it has given back what it doesn't need.</summary>
/// <param name="ResidentBytes">Resident memory in bytes.</param>
/// <param name="ManagedBytes">Bytes of live objects on the managed heap.</param>
/// <param name="Handles">Open handles: file descriptors on Linux.</param>
/// <param name="Threads">Threads.</param>
internal sealed record ProcessUse(long ResidentBytes, long ManagedBytes, int Handles, int Threads)
{
    /// <summary>What it holds now.</summary>
    public static ProcessUse Now()
    {
        MemoryWatch.ReturnUnusedMemory();
        using var process = Process.GetCurrentProcess();
        return new ProcessUse(process.WorkingSet64, GC.GetTotalMemory(forceFullCollection: false), process.HandleCount, process.Threads.Count);
    }
}
