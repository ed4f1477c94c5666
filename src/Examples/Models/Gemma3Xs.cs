namespace LowRank.Examples.Models;

/// <summary>
/// The form of Gemma 3, small enough for a test: norms before and after every sublayer, five local attentions and a global one with rotary
/// frequencies of its own, normalized heads, a scaled embedding, a gated feed-forward in low rank.
/// </summary>
[Transformer(
    vocabulary: 512,
    context: 64,
    width: 64,
    depth: 6,
    NormPlacement = NormPlacement.Both,
    NormEpsilon = 1e-6,
    RotaryBase = 1_000_000,
    ScaleEmbeddings = true,
    TieEmbeddings = true
)]
[DenseBaseline]
public partial class Gemma3Xs
{
    [Attention(heads: 4, KeyValueHeads = 1, QueryKeyNorm = QueryKeyNorm.Head, Window = 16, RotaryBase = 10_000, Layers = "..5")]
    public partial Sublayer Local { get; }

    [Attention(heads: 4, KeyValueHeads = 1, QueryKeyNorm = QueryKeyNorm.Head, Layers = "5..")]
    public partial Sublayer Global { get; }

    [FeedForward(hidden: 192, Activation.GeluTanh, Gated = true)]
    [LowRank(rank: 32, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
