using System.Runtime.InteropServices;
using LowRank.Kernels;

namespace LowRank.Training.Loop;

/// <summary>
/// The largest resident memory of the process while it is watched. Sampled from a thread of its own, since the systems' own peak cannot
/// be reset between the runs of one process.
/// </summary>
internal sealed partial class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly ManualResetEventSlim stop = new();
    private readonly Thread thread;
    private long peak;

    /// <summary>Returns unused memory to the system and begins to watch.</summary>
    /// <param name="earlierPeak">The peak of earlier sittings of the same run, in bytes.</param>
    public MemoryWatch(long earlierPeak = 0)
    {
        ReturnUnusedMemory();
        peak = Math.Max(earlierPeak, Environment.WorkingSet);
        thread = new Thread(Watch)
        {
            IsBackground = true,
            Name = "memory watch",
            Priority = ThreadPriority.AboveNormal,
        };
        thread.Start();
    }

    /// <summary>The largest resident memory so far, in bytes.</summary>
    public long PeakBytes => Interlocked.Read(ref peak);

    /// <summary>
    /// Collects garbage and asks the C library to give freed memory back: what an earlier run left behind would count against the next.
    /// </summary>
    public static void ReturnUnusedMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        ActivationMemory.FreeUnused();
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc: its allocator returns memory by itself, or not at all.
        }
    }

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        stop.Set();
        thread.Join();
        stop.Dispose();
    }

    private void Watch()
    {
        do
        {
            var now = Environment.WorkingSet;
            if (now > Interlocked.Read(ref peak))
                Interlocked.Exchange(ref peak, now);
        } while (!stop.Wait(Interval));
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint pad);
}
