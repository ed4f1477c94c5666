using System.Globalization;
using System.Runtime.InteropServices;

namespace LowRank.EndToEnd.Tests.Processes;

/// <summary>Sends signals; a bare machine has no <c>kill</c> program.</summary>
internal static partial class UnixSignal
{
    public const int HangUp = 1;
    public const int Interrupt = 2;
    public const int Terminate = 15;

    /// <summary>Sends it. A program ignores what it was started with ignored: with nohup, or in the background of a script.</summary>
    public static void Send(int process, int signal)
    {
        Assert.SkipWhen(IsIgnored(process, signal), $"Signal {signal} is ignored by all that was started here, as by nohup.");
        Assert.Equal(0, Kill(process, signal));
    }

    private static bool IsIgnored(int process, int signal)
    {
        const string Key = "SigIgn:";
        var status = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status");
        if (!File.Exists(status))
            return false;
        var mask = File.ReadLines(status).Single(line => line.StartsWith(Key, StringComparison.Ordinal))[Key.Length..].Trim();
        return (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
