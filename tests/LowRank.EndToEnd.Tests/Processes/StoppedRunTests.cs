using LowRank.Training.Checkpoints;

namespace LowRank.EndToEnd.Tests.Processes;

public sealed class StoppedRunTests
{
    [Theory]
    [InlineData(UnixSignal.Interrupt, 130)]
    [InlineData(UnixSignal.Terminate, 143)]
    [InlineData(UnixSignal.HangUp, 129)]
    public void A_signal_lets_the_step_finish_saves_and_says_how_to_go_on(int signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using var folder = new WorkFolder();
        var run = folder.Under("run");
        using var process = StartRun(folder, run);
        Assert.True(process.WaitForError("step 1/"), process.Error);
        UnixSignal.Send(process.Id, signal);
        Assert.Equal(exitCode, process.WaitForExit());
        Assert.Contains("--resume", process.Error, StringComparison.Ordinal);
        Assert.True(Checkpoint.Newest(run)!.Info.Step > 0);
    }

    // The system and the shell send SIGHUP each, and whatever ends a session SIGTERM besides: none of them may cut the save short.
    [Fact]
    public void A_closed_terminal_says_so_more_than_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using var folder = new WorkFolder();
        var run = folder.Under("run");
        using var process = StartRun(folder, run);
        Assert.True(process.WaitForError("step 1/"), process.Error);
        foreach (var signal in new[] { UnixSignal.HangUp, UnixSignal.HangUp, UnixSignal.Terminate, UnixSignal.HangUp })
            UnixSignal.Send(process.Id, signal);
        Assert.Contains(process.WaitForExit(), new[] { 129, 143 });
        Assert.True(Checkpoint.Newest(run)!.Info.Step > 0);
    }

    // A run that is nowhere near its end when it is stopped.
    private static ExampleProcess StartRun(WorkFolder folder, string run) =>
        ExampleProcess.Start(
            folder.Path,
            "train",
            "PaperXs",
            "--text",
            folder.Text,
            "--output",
            run,
            "--steps",
            "100000",
            "--batch",
            "2",
            "--micro-batch",
            "2",
            "--context",
            "32"
        );
}
