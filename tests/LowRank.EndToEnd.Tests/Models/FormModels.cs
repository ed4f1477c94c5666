namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Gemma 3's form: norms before and after, local and global attention with frequencies of their own, normalized heads.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 32,
    depth: 3,
    NormPlacement = NormPlacement.Both,
    NormEpsilon = 1e-6,
    TieEmbeddings = true,
    RotaryBase = 1_000_000
)]
[LowRank(rank: 6, phaseOut: 0.5, Layers = "1..")]
[DenseBaseline]
public partial class GemmaForm
{
    [Attention(
        heads: 4,
        KeyValueHeads = 2,
        HeadSize = 16,
        QueryKeyNorm = QueryKeyNorm.Head,
        Window = 6,
        RotaryBase = 10_000,
        Layers = "..2"
    )]
    public partial Sublayer Local { get; }

    [Attention(heads: 4, KeyValueHeads = 2, HeadSize = 16, QueryKeyNorm = QueryKeyNorm.Head, Layers = "2..")]
    public partial Sublayer Global { get; }

    [FeedForward(hidden: 64, Activation.GeluTanh, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>OLMo 2's form: norms after the sublayers alone, over all queries and over all keys of a token.</summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 3, NormPlacement = NormPlacement.After, RotaryBase = 500_000)]
[LowRank(rank: 6, phaseOut: 0.5, Layers = "1..", Projections = Projections.Gate | Projections.Up | Projections.Query)]
public partial class OlmoForm
{
    [Attention(heads: 4, KeyValueHeads = 2, QueryKeyNorm = QueryKeyNorm.Projection)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 80, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Norms after sublayers that run side by side, recomputed; every second attention without positions; no gate.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 32,
    depth: 4,
    NormPlacement = NormPlacement.After,
    Norm = Norm.LayerNorm,
    Bias = Bias.All,
    Residual = Residual.Parallel,
    ActivationCheckpointing = true
)]
public partial class SideBySideAfter
{
    [Attention(heads: 2, RotaryFraction = 0.5, Layers = "..:2")]
    public partial Sublayer Rotated { get; }

    [Attention(heads: 2, QueryKeyNorm = QueryKeyNorm.Projection, Positions = Positions.None, Layers = "1..:2")]
    public partial Sublayer Unrotated { get; }

    [FeedForward(hidden: 64, Activation.Relu)]
    public partial Sublayer FeedForward { get; }
}
