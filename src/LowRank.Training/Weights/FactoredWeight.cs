namespace LowRank.Training.Weights;

/// <summary>What was lost where a pretrained weight became two factors.</summary>
/// <param name="Name">The dotted name of the layer.</param>
/// <param name="Rank">Inner size of the factors.</param>
/// <param name="RelativeError">‖W − UV‖ / ‖W‖, in [0, 1]: the root of the tail of the spectrum over all of it.</param>
public sealed record FactoredWeight(string Name, int Rank, double RelativeError);
