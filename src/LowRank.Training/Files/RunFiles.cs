using System.Globalization;

namespace LowRank.Training.Files;

/// <summary>Names within a run's folder that more than one part of the program knows.</summary>
internal static class RunFiles
{
    /// <summary>The folder of the checkpoints.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>Within a checkpoint: the file that describes it.</summary>
    public const string CheckpointInfo = "checkpoint.json";

    /// <summary>Within a checkpoint: its weights.</summary>
    public const string Model = "model.safetensors";

    /// <summary>How the folder of a checkpoint begins; the step follows.</summary>
    public const string CheckpointPrefix = "step-";

    /// <summary>How the folder begins of one that is being written.</summary>
    public const string Unfinished = ".unfinished-";

    /// <summary>How the folder begins of one that is being removed.</summary>
    public const string Discarded = ".discarded-";

    /// <summary>The step of a checkpoint by its folder's name; -1 for another name.</summary>
    public static long StepOf(string path) =>
        Path.GetFileName(path) is { } name
        && name.StartsWith(CheckpointPrefix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(CheckpointPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? step
            : -1;
}
