namespace LowRank.Training;

/// <summary>Names within a run's folder that more than one part of the program knows.</summary>
internal static class RunFiles
{
    /// <summary>The folder of the checkpoints.</summary>
    public const string Checkpoints = "checkpoints";
}
