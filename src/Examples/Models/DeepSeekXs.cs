namespace LowRank.Examples.Models;

/// <summary>
/// The form of DeepSeek-V2-Lite, small enough for a test: latent attention, a dense first block, then mixtures of experts beside a shared
/// one, whose weights are not normalized.
/// </summary>
[Transformer(vocabulary: 512, context: 64, width: 64, depth: 3, NormEpsilon = 1e-6)]
[DenseBaseline]
public partial class DeepSeekXs
{
    [Attention(heads: 4, HeadSize = 16, KeyValueRank = 24, RotarySize = 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 192, Gated = true, Layers = "..1")]
    public partial Sublayer First { get; }

    [FeedForward(hidden: 48, Gated = true, Layers = "1..")]
    [Experts(count: 8, active: 2, Shared = 1, NormalizeWeights = false)]
    [LowRank(rank: 16, phaseOut: 0.5)]
    public partial Sublayer Mixture { get; }
}
