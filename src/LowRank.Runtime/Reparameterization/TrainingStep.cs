using System.ComponentModel;

namespace LowRank.Reparameterization;

/// <summary>Where a training run stands: all that the guides need to know.</summary>
/// <param name="Index">The optimizer step about to be taken, counted from 0.</param>
/// <param name="Total">Optimizer steps of the whole run.</param>
/// <param name="Seed">The run's seed; keys the draws of sampled guides.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct TrainingStep(long Index, long Total, long Seed);
