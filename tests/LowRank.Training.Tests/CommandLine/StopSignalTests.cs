using System.Runtime.InteropServices;
using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

public sealed class StopSignalTests
{
    [Fact]
    public void Who_stops_unasked_was_told_by_the_rank_that_a_launcher_ends()
    {
        using var signals = new StopSignals(TextWriter.Null, default);
        Assert.Equal(ExitCode.Terminated, signals.ExitCodeWhenStopped);
        signals.Request();
        Assert.Equal(ExitCode.Interrupted, signals.ExitCodeWhenStopped);
    }

    [Fact]
    public void A_request_is_acknowledged_before_anything_else_is_said()
    {
        using var error = new SlowWriter();
        using var signals = new StopSignals(error, CancellationToken.None);
        var app = new AppSession(new AppConsole(TextWriter.Null, error, null), new AppDefaults(), [], signals);
        var program = new Thread(() =>
        {
            signals.Token.WaitHandle.WaitOne();
            app.Say("Stopped before there was a result.");
        });
        program.Start();
        signals.Handle(new PosixSignalContext(PosixSignal.SIGTERM), ExitCode.Terminated);
        program.Join();
        Assert.Equal(["Stopping; a second Ctrl-C stops at once.", "Stopped before there was a result."], error.Lines);
    }

    // Gives the program every chance to be first.
    private sealed class SlowWriter : StringWriter
    {
        public List<string> Lines { get; } = [];

        public override void WriteLine(string? value)
        {
            if (value!.StartsWith("Stopping", StringComparison.Ordinal))
                Thread.Sleep(200);
            lock (Lines)
                Lines.Add(value);
        }
    }
}
