using LowRank.Layers;

namespace LowRank.Training.FineTuning;

/// <summary>A dense layer that was given adapters.</summary>
/// <param name="Layer">Its dotted name.</param>
/// <param name="Parts">The adapters.</param>
public sealed record AdaptedLayer(string Layer, IReadOnlyList<LoraPart> Parts);
