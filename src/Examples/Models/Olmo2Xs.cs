namespace LowRank.Examples.Models;

/// <summary>
/// The form of OLMo 2, small enough for a test: norms after the sublayers alone, norms over all queries and over all keys of a token, a
/// gated feed-forward in low rank.
/// </summary>
[Transformer(
    vocabulary: 512,
    context: 64,
    width: 64,
    depth: 4,
    NormPlacement = NormPlacement.After,
    NormEpsilon = 1e-6,
    RotaryBase = 500_000
)]
[DenseBaseline]
public partial class Olmo2Xs
{
    [Attention(heads: 4, QueryKeyNorm = QueryKeyNorm.Projection)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 192, Gated = true)]
    [LowRank(rank: 32, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
