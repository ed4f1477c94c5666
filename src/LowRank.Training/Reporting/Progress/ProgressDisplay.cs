using Spectre.Console;

namespace LowRank.Training.Reporting.Progress;

/// <summary>Shows how a run goes while it runs: redrawn in place on a terminal that can, as lines everywhere else.</summary>
public static class ProgressDisplay
{
    /// <summary>Runs something that trains, and shows its progress.</summary>
    /// <param name="console">Where it is shown.</param>
    /// <param name="plain">Where lines go when the console cannot be redrawn.</param>
    /// <param name="run">Trains, and tells the observer that it is given.</param>
    /// <returns>What <paramref name="run"/> returned.</returns>
    public static T ShowWhile<T>(IAnsiConsole console, TextWriter plain, Func<ITrainingObserver, T> run)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(run);
        return console.Profile.Capabilities is { Ansi: true, Interactive: true }
            ? console.Live(new Text("")).Start(display => run(new LiveProgress(display)))
            : run(new PlainProgress(plain));
    }
}
