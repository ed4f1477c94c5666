using LowRank.Examples.Modules;

namespace LowRank.Examples.Models;

/// <summary>
/// A hybrid small enough to train in a minute: state-space layers in three of four blocks, attention in the last, feed-forward layers of
/// low rank in all.
/// </summary>
[Transformer(vocabulary: 512, context: 128, width: 64, depth: 4)]
[TrainingRun(tokens: 1_000_000, sequencesPerStep: 16, LearningRate = 2e-3)]
[DenseBaseline]
public partial class StateSpaceXs
{
    /// <summary>Mixes what stands before a token with a state of fixed size.</summary>
    [Part(typeof(StateSpaceMixer), Layers = "..3")]
    public partial Sublayer Mixer { get; }

    /// <summary>Looks back at single tokens, where they stand.</summary>
    [Attention(heads: 4, Layers = "3..")]
    public partial Sublayer Attention { get; }

    /// <summary>Low rank without a guide.</summary>
    [FeedForward(hidden: 176, Gated = true)]
    [LowRank(rank: 32, Guide = Guide.None)]
    public partial Sublayer FeedForward { get; }
}
