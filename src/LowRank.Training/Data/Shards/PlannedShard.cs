namespace LowRank.Training.Data.Shards;

/// <summary>One file that a plan has to write.</summary>
/// <param name="File">Its name within the folder.</param>
/// <param name="IsHeldOut">Whether it belongs to the validation split.</param>
/// <param name="FromHeldOut">Whether its tokens are those that the units hold out.</param>
/// <param name="Start">The place of its first token among all those of the units, one unit behind the other.</param>
/// <param name="Tokens">Number of tokens.</param>
internal sealed record PlannedShard(string File, bool IsHeldOut, bool FromHeldOut, long Start, long Tokens);
