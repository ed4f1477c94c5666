namespace LowRank.Training.Distributed;

/// <summary>How a rank has ended the job.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Host">The name of its machine.</param>
/// <param name="ExitCode">The exit code that it ends with; null where it was killed or lost.</param>
/// <param name="Message">What it says; null where it died without a word.</param>
internal sealed record RankFailure(int Rank, string Host, int? ExitCode, string? Message)
{
    /// <inheritdoc/>
    public override string ToString() => Message is null ? $"Rank {Rank} on {Host} died." : $"Rank {Rank} on {Host}: {Message}";
}
