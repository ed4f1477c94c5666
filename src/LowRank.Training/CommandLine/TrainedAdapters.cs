using LowRank.Training.Checkpoints;
using LowRank.Training.FineTuning;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine;

/// <summary>The adapters that a run has trained, in a folder of their own beside its checkpoints.</summary>
internal static class TrainedAdapters
{
    /// <summary>The folder's name in the run's.</summary>
    public const string FolderName = "adapter";

    /// <summary>Writes them, where the finished run has any.</summary>
    /// <param name="app">The program.</param>
    /// <param name="options">The run.</param>
    /// <param name="start">What it began with, which may be gone by now; null for nothing.</param>
    public static void Write(AppSession app, TrainingOptions options, Checkpoint? start)
    {
        // They are trained beside weights from elsewhere.
        if (options.From is not { } from || start is null)
            return;
        var tuned = Checkpoint.Open(options.Output!, app.Say);
        if (tuned.Info.Variant != Variant.Lora && tuned.Info.Changes is not { Adapted.Count: > 0 })
            return;
        var folder = Path.Combine(options.Output!, FolderName);
        using (var model = tuned.LoadModel(options.Device, options.Precision))
            AdapterFolder.Write(folder, model);
        // They fit the weights that the run began with, and those of another declaration have other names.
        var begin = start.Info.Model == tuned.Info.Model ? $"; 'generate --adapter' loads them beside {from}" : "";
        app.Say($"The adapters alone are in {folder}{begin}.");
    }
}
