using LowRank.Training.Data;
using LowRank.Training.Reporting;

namespace LowRank.Training.CommandLine;

/// <summary>Trains one variant with its metrics log and its display.</summary>
internal static class VariantRun
{
    /// <summary>The metrics log's name in the run's folder.</summary>
    public const string MetricsName = "metrics.jsonl";

    /// <summary>Trains.</summary>
    /// <param name="app">The program.</param>
    /// <param name="entry">The model.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="data">The text.</param>
    /// <param name="options">The run; its folder is set.</param>
    public static RunResult Train(AppSession app, ModelEntry entry, Variant variant, TokenDataset data, TrainingOptions options)
    {
        using var log = new MetricsLog(Path.Combine(options.Output!, MetricsName));
        return app.ShowProgress(display =>
            new Trainer(entry, variant, data, options, new Observers(log, display)).Run(app.Stop));
    }
}
