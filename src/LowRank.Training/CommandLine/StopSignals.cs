using System.Runtime.InteropServices;

namespace LowRank.Training.CommandLine;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM, and a closed terminal (SIGHUP), into a request to stop at the next good moment. A second Ctrl-C or
/// SIGTERM ends the process at once, as it would without this class. A second SIGHUP doesn't: the system and the shell send one each.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly TextWriter error;
    private readonly PosixSignalRegistration[] registrations;
    private readonly TaskCompletionSource done = new();
    private readonly Lock handling = new();
    private readonly ManualResetEventSlim acknowledged = new(initialState: true);
    private int? exitCode;
    private bool isAsked;

    /// <summary>What a program says that was asked to stop while it trains.</summary>
    public const string Acknowledgement = "Stopping after the current step; a second Ctrl-C stops at once.";

    // Reading text, converting and evaluating have no steps.
    private const string AcknowledgementWithoutSteps = "Stopping; a second Ctrl-C stops at once.";

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
            // A program that was started with nohup never gets it.
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Handle(context, ExitCode.HungUp)),
        ];
    }

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Whether somebody else shows the acknowledgement: a line would tear a display that is redrawn in place.</summary>
    public bool Silent { get; set; }

    /// <summary>Whether something is trained, which ends after a step.</summary>
    public bool HasSteps { get; set; }

    /// <summary>
    /// With which code a stopped program ends. What stops unasked is one of several ranks, another of which was told to end.
    /// </summary>
    public int ExitCodeWhenStopped => exitCode ?? (source.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Terminated);

    /// <summary>Asks for a stop, as Ctrl-C does.</summary>
    public void Request() => source.Cancel();

    /// <summary>
    /// Lets a request that is at hand be acknowledged before more is said. A second is enough for any reader; one who doesn't read must
    /// not keep the program from stopping.
    /// </summary>
    public void WaitForAcknowledgement() => acknowledged.Wait(TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public void Dispose()
    {
        done.TrySetResult();
        foreach (var registration in registrations)
            registration.Dispose();
        WaitForAcknowledgement();
        source.Dispose();
    }

    /// <summary>What a signal does.</summary>
    /// <param name="context">The signal.</param>
    /// <param name="code">The exit code of a program that it stops.</param>
    internal void Handle(PosixSignalContext context, int code)
    {
        lock (handling)
        {
            if (code != ExitCode.HungUp && isAsked)
            {
                // The process ends here; a redrawn display has hidden the terminal's cursor.
                if (Silent)
                    error.Write("\e[?25h");
                error.Flush();
                return;
            }

            context.Cancel = true;
            exitCode ??= code;
            isAsked |= code != ExitCode.HungUp;
            acknowledged.Reset();
        }

        try
        {
            // First of all: nobody may be there to be told.
            source.Cancel();
            if (!Silent)
                error.WriteLine(HasSteps ? Acknowledgement : AcknowledgementWithoutSteps);
        }
        catch (ObjectDisposedException)
        {
            // The run was over first.
        }
        finally
        {
            acknowledged.Set();
        }

        // Windows ends a process whose window was closed, or that is shut down, as soon as this returns, and after some seconds anyway.
        if (OperatingSystem.IsWindows() && code != ExitCode.Interrupted)
            done.Task.Wait();
    }
}
