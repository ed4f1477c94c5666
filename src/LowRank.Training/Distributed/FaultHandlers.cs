using System.Runtime.InteropServices;

namespace LowRank.Training.Distributed;

/// <summary>
/// Keeps what the runtime does at faults of the processor: handlers that are installed by others before this is disposed are gone
/// afterwards.
/// </summary>
internal sealed partial class FaultHandlers : IDisposable
{
    // SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSEGV, and SIGBUS, which is 7 on Linux and 10 on macOS.
    private static readonly int[] Signals = [4, 5, 6, 8, 11, OperatingSystem.IsMacOS() ? 10 : 7];

    // More than any system's struct sigaction takes; its content stays the system's.
    private const int ActionSize = 512;

    private readonly byte[] actions = new byte[Signals.Length * ActionSize];

    /// <summary>Remembers the handlers.</summary>
    public FaultHandlers() => ForEach((signal, action) => sigaction(signal, 0, action));

    /// <summary>Puts them back.</summary>
    public void Dispose() => ForEach((signal, action) => sigaction(signal, action, 0));

    private unsafe void ForEach(Func<int, nint, int> act)
    {
        // Windows has no signals for this.
        if (OperatingSystem.IsWindows())
            return;
        fixed (byte* first = actions)
        {
            for (var at = 0; at < Signals.Length; at++)
                _ = act(Signals[at], (nint)(first + (at * ActionSize)));
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sigaction(int signal, nint action, nint old);
}
