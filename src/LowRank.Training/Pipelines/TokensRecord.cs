using LowRank.Training.Data.Shards;

namespace LowRank.Training.Pipelines;

/// <summary>How many tokens a unit has become: the marker of its encoding.</summary>
/// <param name="Training">Those to train on.</param>
/// <param name="Validation">Those held out.</param>
internal sealed record TokensRecord(TokenCounts Training, TokenCounts Validation);
