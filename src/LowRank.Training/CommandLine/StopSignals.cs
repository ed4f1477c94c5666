using System.Runtime.InteropServices;

namespace LowRank.Training.CommandLine;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into a request to stop at the next good moment. A second one ends the process at once, as it
/// would without this class.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly TextWriter error;
    private readonly PosixSignalRegistration[] registrations;
    private int exitCode = ExitCode.Interrupted;

    /// <summary>What a program says that was asked to stop.</summary>
    public const string Acknowledgement = "Stopping after the current step; a second Ctrl-C stops at once.";

    /// <summary>Listens from now on.</summary>
    /// <param name="error">Where the request is acknowledged.</param>
    /// <param name="stop">A further way to ask for a stop; counts as Ctrl-C.</param>
    public StopSignals(TextWriter error, CancellationToken stop)
    {
        this.error = error;
        source = CancellationTokenSource.CreateLinkedTokenSource(stop);
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, ExitCode.Terminated)),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Whether somebody else shows the acknowledgement: a line would tear a display that is redrawn in place.</summary>
    public bool Silent { get; set; }

    /// <summary>With which code a stopped program ends.</summary>
    public int ExitCodeWhenStopped => exitCode;

    /// <summary>Asks for a stop, as Ctrl-C does.</summary>
    public void Request() => source.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void Handle(PosixSignalContext context, int code)
    {
        if (source.IsCancellationRequested)
        {
            // The process ends here; a redrawn display has hidden the terminal's cursor.
            if (Silent)
                error.Write("\e[?25h");
            error.Flush();
            return;
        }

        context.Cancel = true;
        exitCode = code;
        if (!Silent)
            error.WriteLine(Acknowledgement);
        source.Cancel();
    }
}
