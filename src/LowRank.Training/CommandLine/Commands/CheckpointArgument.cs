using System.CommandLine;
using LowRank.Training.Checkpoints;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The argument that names a trained model.</summary>
internal static class CheckpointArgument
{
    /// <summary>A new argument for a command of its own.</summary>
    public static Argument<string> Create() =>
        new("CHECKPOINT") { Description = "The folder of a run (its newest checkpoint) or of one checkpoint." };

    /// <summary>Opens it, and says which damaged checkpoints were passed over.</summary>
    /// <exception cref="InputException">There is no whole checkpoint.</exception>
    public static Checkpoint Open(AppSession app, string path)
    {
        string[] inside = [.. Enum.GetValues<Variant>().Select(variant => Path.Combine(path, variant.Key())).Where(Directory.Exists)];
        if (inside.Length > 0 && Checkpoint.Newest(path) is null)
            throw new InputException($"'{path}' holds the runs of a comparison; give one of {string.Join(", ", inside)}.");
        return Checkpoint.Open(path, app.Say);
    }

    /// <summary>Opens and reads it; again where a run is named that goes on and has removed the checkpoint before it was read.</summary>
    /// <param name="app">The program.</param>
    /// <param name="path">What was named.</param>
    /// <param name="read">Reads all that is needed of it, and prints nothing before.</param>
    /// <exception cref="InputException">There is no whole checkpoint, or a named one is gone.</exception>
    public static T Read<T>(AppSession app, string path, Func<Checkpoint, T> read) =>
        NewestCheckpoint.Read(path, () => Open(app, path), read);
}
