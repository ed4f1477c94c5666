namespace LowRank.Training.Distributed;

/// <summary>What the collective operations of a rank came to.</summary>
/// <param name="Bytes">Bytes of the tensors that were reduced, gathered or broadcast, each counted once.</param>
/// <param name="Busy">Time in which they ran, beside computing or not; zero where nobody knows.</param>
/// <param name="Waited">Time in which the caller did nothing but wait, for them or for ranks that compute longer.</param>
internal readonly record struct CollectiveTimes(long Bytes, TimeSpan Busy, TimeSpan Waited);
