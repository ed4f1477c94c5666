using LowRank.Training.Reporting.Progress;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine;

/// <summary>What every command gets: where to write, what the program's defaults are, how it was called and when to stop.</summary>
internal sealed record AppSession(AppConsole Console, AppDefaults Defaults, IReadOnlyList<string> Arguments, StopSignals Signals)
{
    /// <summary>Canceled when the program is asked to stop.</summary>
    public CancellationToken Stop => Signals.Token;

    /// <summary>The other processes that a launcher has started beside this one; null where there are none.</summary>
    public AppRanks? Ranks { get; set; }

    /// <summary>Whether this process writes what is left behind.</summary>
    public bool IsFirst => Ranks is null or { IsFirst: true };

    /// <summary>Whether <c>--verbose</c> is given.</summary>
    public bool Verbose { get; set; }

    /// <summary>Says something beside the results, on standard error.</summary>
    public void Say(string sentence)
    {
        Signals.WaitForAcknowledgement();
        Console.Error.WriteLine(sentence);
        Console.Error.Flush();
    }

    /// <summary>Trains and shows how it goes, on standard error.</summary>
    /// <param name="run">Trains, and tells the observer that it is given.</param>
    /// <param name="laterFlops">Training FLOPs of the runs that follow, whose time is estimated too; 0 for none.</param>
    public T ShowProgress<T>(Func<ITrainingObserver, T> run, decimal laterFlops = 0)
    {
        var display = new ProgressDisplay(Console.Progress, Console.Error, StopSignals.Acknowledgement, Stop) { LaterFlops = laterFlops };
        (Signals.Silent, Signals.HasSteps) = (display.IsRedrawn, true);
        try
        {
            return display.ShowWhile(run);
        }
        finally
        {
            (Signals.Silent, Signals.HasSteps) = (false, false);
        }
    }
}
