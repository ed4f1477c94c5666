using LowRank.Training.Scaling;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>What of a model is asked for beside what it declares.</summary>
/// <param name="Device">The device on which its run is timed; null for none.</param>
/// <param name="Memory">Memory into which micro-batches are to fit, in bytes.</param>
/// <param name="Ranks">The training on several ranks that is counted; null for none.</param>
internal sealed record DescriptionRequest(StatedDevice? Device, IReadOnlyList<long> Memory, RankJob? Ranks)
{
    private const long Gibibyte = 1L << 30;

    /// <summary>Usual sizes of a GPU's memory.</summary>
    public static IReadOnlyList<long> UsualMemory { get; } = [.. new[] { 8, 16, 24, 48, 80, 141 }.Select(size => size * Gibibyte)];
}

/// <summary>A device as it is stated, and how many tokens are trained on it.</summary>
/// <param name="FlopsPerSecond">Its peak.</param>
/// <param name="Utilization">The share of it that training reaches.</param>
/// <param name="Tokens">The tokens.</param>
internal sealed record StatedDevice(double FlopsPerSecond, double Utilization, long Tokens);
