using LowRank.Training.Runs;
using Spectre.Console;

namespace LowRank.Training.Reporting.Progress;

/// <summary>Shows how a run goes while it runs: redrawn in place on a terminal that can, as lines everywhere else.</summary>
/// <param name="console">Where it is shown.</param>
/// <param name="plain">Where lines go when the console cannot be redrawn.</param>
/// <param name="stopping">What a redrawn display shows once a stop is asked for.</param>
/// <param name="stop">Asks for a stop; the display ends nothing by itself.</param>
internal sealed class ProgressDisplay(IAnsiConsole console, TextWriter plain, string stopping = "", CancellationToken stop = default)
{
    /// <summary>Whether the display is redrawn in place; whatever else is written there meanwhile would tear it.</summary>
    public bool IsRedrawn => console.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Training FLOPs of the runs that follow the one that is shown; 0 for none.</summary>
    internal decimal LaterFlops { get; init; }

    /// <summary>Runs something that trains, and shows its progress.</summary>
    /// <param name="run">Trains, and tells the observer that it is given.</param>
    /// <returns>What <paramref name="run"/> returned.</returns>
    public T ShowWhile<T>(Func<ITrainingObserver, T> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!IsRedrawn)
            return run(new PlainProgress(plain) { LaterFlops = LaterFlops });
        LiveProgress? progress = null;
        try
        {
            return console
                .Live(new Text(""))
                .Start(display =>
                {
                    progress = new LiveProgress(display, LaterFlops);
                    using var registration = stop.Register(() => progress.Note(stopping));
                    return run(progress);
                });
        }
        finally
        {
            foreach (var sentence in progress?.Warnings ?? [])
                plain.WriteLine(sentence);
            plain.Flush();
        }
    }
}
