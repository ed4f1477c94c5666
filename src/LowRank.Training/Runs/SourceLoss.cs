namespace LowRank.Training.Runs;

/// <summary>The loss on one source of a mixture of texts.</summary>
/// <param name="Source">Its path.</param>
/// <param name="Loss">Mean cross-entropy per token, in nats.</param>
/// <param name="Tokens">Tokens that were predicted.</param>
public sealed record SourceLoss(string Source, double Loss, long Tokens);
