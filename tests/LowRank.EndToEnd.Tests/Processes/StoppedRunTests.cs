using System.Diagnostics;
using LowRank.Training.Checkpoints;

namespace LowRank.EndToEnd.Tests.Processes;

public sealed class StoppedRunTests
{
    [Theory]
    [InlineData("-INT", 130)]
    [InlineData("-TERM", 143)]
    public void A_signal_lets_the_step_finish_saves_and_says_how_to_go_on(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using var folder = new WorkFolder();
        var run = folder.Under("run");
        using var process = ExampleProcess.Start(
            folder.Path,
            "train", "PaperXs", "--text", folder.Text, "--output", run, "--steps", "100000", "--batch", "2", "--micro-batch", "2", "--context", "32");
        var patience = Stopwatch.StartNew();
        while (!process.Error.Contains("step 1/", StringComparison.Ordinal))
        {
            Assert.False(process.HasExited, process.Error);
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), process.Error);
            Thread.Sleep(50);
        }

        using (var kill = Process.Start("kill", [signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        Assert.Equal(exitCode, process.WaitForExit());
        Assert.Contains("--resume", process.Error, StringComparison.Ordinal);
        Assert.True(Checkpoint.Newest(run)!.Info.Step > 0);
    }
}
