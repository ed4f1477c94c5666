using System.Runtime.InteropServices;

namespace LowRank.EndToEnd.Tests.Processes;

/// <summary>Sends signals; a bare machine has no <c>kill</c> program.</summary>
internal static partial class UnixSignal
{
    public const int HangUp = 1;
    public const int Interrupt = 2;
    public const int Terminate = 15;

    public static void Send(int process, int signal) => Assert.Equal(0, Kill(process, signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
