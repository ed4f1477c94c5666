namespace LowRank.Examples.Models;

/// <summary>
/// A small model with the attention of DeepSeek-V2-Lite (2024): keys and values of 8 heads are expanded from latent vectors of a quarter of
/// the
/// width, beside one rotated key for all heads, and a cache holds 160 numbers per token and block instead of 1,024.
/// </summary>
[Transformer(vocabulary: 16_384, context: 1_024, width: 512, depth: 12, NormEpsilon = 1e-6)]
[TrainingRun(tokens: 2_000_000_000, sequencesPerStep: 256)]
[DenseBaseline]
public partial class LatentS
{
    [Attention(heads: 8, HeadSize = 64, KeyValueRank = 128, RotarySize = 32)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_408, Gated = true)]
    [LowRank(phaseOut: 0.5, Ratio = 0.4, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
