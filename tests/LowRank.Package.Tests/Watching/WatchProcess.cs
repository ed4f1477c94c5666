using System.Diagnostics;

namespace LowRank.Package.Tests.Watching;

/// <summary>A running <c>describe --watch</c>.</summary>
internal sealed class WatchProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process process;

    public WatchProcess(ProcessStartInfo start)
    {
        process = Process.Start(start)!;
        // Each build is told there, too.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        Address = process.StandardOutput.ReadLineAsync().WaitAsync(Patience).GetAwaiter().GetResult()?.Split(' ')[0] ?? "";
    }

    /// <summary>Where its page is.</summary>
    public string Address { get; }

    /// <summary>Ends it as Ctrl-C and its kin do; Windows has no such signal for a process without a console.</summary>
    public void Stop()
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
            return;
        }

        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.True(process.WaitForExit(Patience), "The watch goes on.");
        Assert.Equal(128 + 15, process.ExitCode);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }
}
