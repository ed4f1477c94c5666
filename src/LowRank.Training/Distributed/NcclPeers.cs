namespace LowRank.Training.Distributed;

/// <summary>What is known of the other ranks beside NCCL, which notices a dead one late or never.</summary>
/// <param name="Failure">Which of them has failed, and how; null while nobody knows.</param>
/// <param name="Broken">Canceled when one has failed or died.</param>
internal sealed record NcclPeers(Func<RankFailure?> Failure, CancellationToken Broken)
{
    /// <summary>How long NCCL may know of a failure before it is known here whose it is.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long all ranks may take to leave the group, and NCCL to end what runs.</summary>
    public TimeSpan Parting { get; init; } = TimeSpan.FromSeconds(10);
}
