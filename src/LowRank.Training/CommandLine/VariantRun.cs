using LowRank.Training.Checkpoints;
using LowRank.Training.Data;
using LowRank.Training.Files;
using LowRank.Training.Loop;
using LowRank.Training.Reporting;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine;

/// <summary>Trains one variant with its metrics log and its display.</summary>
internal static class VariantRun
{
    /// <summary>Trains.</summary>
    /// <param name="app">The program.</param>
    /// <param name="entry">The model.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="data">The text.</param>
    /// <param name="options">The run; its folder is set.</param>
    /// <param name="held">The lock on the run's folder, where the command has it already.</param>
    /// <param name="start">The checkpoint that the run begins with, where the command has opened it already.</param>
    /// <param name="saveRetry">How long saving the last checkpoint is tried again; null without end on a terminal, and as by default
    /// elsewhere.</param>
    /// <param name="laterFlops">Training FLOPs of the runs that follow, whose time is estimated too; 0 for none.</param>
    public static RunResult Train(
        AppSession app,
        ModelEntry entry,
        Variant variant,
        TokenDataset data,
        TrainingOptions options,
        RunLock? held = null,
        Checkpoint? start = null,
        TimeSpan? saveRetry = null,
        decimal laterFlops = 0
    )
    {
        app.Ranks?.Saves(options.Output!);
        if (app.Ranks is { IsFirst: false, Group: var group })
            return new Trainer(entry, variant, data, options, new SilentObserver()) { Group = group, Start = start }.Run(app.Stop);
        using var log = new MetricsLog(Path.Combine(options.Output!, MetricsLog.Name)) { Warn = app.Say };
        return app.ShowProgress(
            display =>
            {
                log.Warn = display.Warned;
                var trainer = new Trainer(entry, variant, data, options, new Observers(log, display))
                {
                    Held = held,
                    Start = start,
                    Group = app.Ranks?.Group,
                };
                trainer.SaveRetry = saveRetry ?? (app.Console.IsInteractive ? Timeout.InfiniteTimeSpan : trainer.SaveRetry);
                try
                {
                    return trainer.Run(app.Stop);
                }
                finally
                {
                    // The display is gone when the log is closed.
                    log.Warn = app.Say;
                }
            },
            laterFlops
        );
    }
}
