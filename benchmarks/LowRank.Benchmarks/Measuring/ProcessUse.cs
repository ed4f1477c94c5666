using System.Diagnostics;
using System.Runtime.InteropServices;
using LowRank.Training.Loop;

namespace LowRank.Benchmarks.Measuring;

/// <summary>What this process holds of the machine, after it has given back what it doesn't need.</summary>
/// <param name="ResidentBytes">Resident memory in bytes.</param>
/// <param name="NativeBytes">Bytes that native code has allocated and not freed; 0 where the C library doesn't count them.</param>
/// <param name="ManagedBytes">Bytes of live objects on the managed heap.</param>
/// <param name="Handles">Open handles: file descriptors on Linux.</param>
/// <param name="Threads">Threads.</param>
internal sealed partial record ProcessUse(long ResidentBytes, long NativeBytes, long ManagedBytes, int Handles, int Threads)
{
    /// <summary>What it holds now.</summary>
    public static ProcessUse Now()
    {
        MemoryWatch.ReturnUnusedMemory();
        using var process = Process.GetCurrentProcess();
        return new ProcessUse(
            process.WorkingSet64,
            AllocatedBytes(),
            GC.GetTotalMemory(forceFullCollection: false),
            process.HandleCount,
            process.Threads.Count
        );
    }

    private static long AllocatedBytes()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        try
        {
            var info = MallocInfo();
            return (long)(info.InUse + info.Mapped);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc, or one before 2.33.
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial AllocatorState MallocInfo();

    // glibc's struct mallinfo2: ten numbers, of which these two count.
    [StructLayout(LayoutKind.Explicit, Size = 80)]
    private readonly struct AllocatorState
    {
        [FieldOffset(32)]
        public readonly nuint Mapped;

        [FieldOffset(56)]
        public readonly nuint InUse;
    }
}
