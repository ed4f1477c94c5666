namespace LowRank.Training.Runs;

/// <summary>How evenly the experts of a model's mixtures were busy in one optimizer step.</summary>
/// <param name="BalanceLoss">
/// <c>count·Σ fᵢ·Pᵢ</c>, unweighted, the mean over the sequences and the mixtures; 1 where every sequence loads all experts alike. It is no
/// part of the loss.
/// </param>
/// <param name="LargestLoad">The largest load of any expert over the mean load of its mixture: 1 where all are equal.</param>
public sealed record ExpertMetrics(double BalanceLoss, double LargestLoad);
