namespace LowRank.Training.Distributed;

/// <summary>What is known of the other ranks beside NCCL, which notices a dead one late or never.</summary>
/// <param name="Failure">Which of them has failed, and how; null while nobody knows.</param>
/// <param name="Broken">Canceled when one has failed or died.</param>
internal sealed record NcclPeers(Func<RankFailure?> Failure, CancellationToken Broken);
