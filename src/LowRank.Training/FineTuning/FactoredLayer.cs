namespace LowRank.Training.FineTuning;

/// <summary>A dense layer, or one role of a fused product, that became two factors.</summary>
/// <param name="Layer">The dotted name of the layer as it was declared.</param>
/// <param name="Role">The role within a fused product; empty where the layer has one role.</param>
/// <param name="Rank">Inner size of the factors.</param>
public sealed record FactoredLayer(string Layer, string Role, int Rank);
