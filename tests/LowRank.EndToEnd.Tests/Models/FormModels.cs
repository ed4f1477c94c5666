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

/// <summary>GPT-Neo's biases: all but those of queries, keys and values; local and global attention in turn.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 32,
    depth: 2,
    Positions = Positions.Learned,
    Norm = Norm.LayerNorm,
    Bias = Bias.All,
    TieEmbeddings = true
)]
public partial class NeoForm
{
    [Attention(heads: 4, Bias = Projections.Output, Layers = "..1")]
    public partial Sublayer Global { get; }

    [Attention(heads: 4, Window = 5, Bias = Projections.Output, Layers = "1..")]
    public partial Sublayer Local { get; }

    [FeedForward(hidden: 64, Activation.GeluTanh)]
    [LowRank(rank: 6, phaseOut: 0.5)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>LLaMA 3.1's scaling on the class, YaRN's of a part of each head on one attention, a bias of one linear layer.</summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 3, RotaryBase = 500)]
[RotaryScaling(RotaryScalingType.Llama3, factor: 4, OriginalContext = 16)]
public partial class ScaledForm
{
    [Attention(heads: 2, Layers = "..2")]
    public partial Sublayer First { get; }

    [Attention(heads: 2, RotaryFraction = 0.5, Layers = "2..")]
    [RotaryScaling(RotaryScalingType.Yarn, factor: 2.5, OriginalContext = 12, BetaFast = 1.5, BetaSlow = 0.25)]
    public partial Sublayer Second { get; }

    [FeedForward(hidden: 64, Gated = true, Bias = Projections.Down)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Gemma 2's form: scaled embedding, scores and logits with caps, a scale of the scores.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 32,
    depth: 2,
    NormPlacement = NormPlacement.Both,
    ScaleEmbeddings = true,
    LogitSoftCap = 2,
    TieEmbeddings = true
)]
[LowRank(rank: 6, phaseOut: 0.5, Projections = Projections.Up | Projections.Output)]
public partial class CappedForm
{
    [Attention(heads: 4, KeyValueHeads = 2, ScoreScale = 0.5, ScoreSoftCap = 1.5, Window = 6, Layers = "..1")]
    public partial Sublayer Local { get; }

    [Attention(heads: 4, KeyValueHeads = 2, ScoreScale = 0.5, ScoreSoftCap = 1.5, Layers = "1..")]
    public partial Sublayer Global { get; }

    [FeedForward(hidden: 64, Activation.GeluTanh, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Granite's and Cohere's factors: of embedding, scores and logits, without a cap; learned positions beside them.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 32,
    depth: 2,
    Positions = Positions.Learned,
    EmbeddingScale = 12,
    LogitScale = 0.125,
    ActivationCheckpointing = true
)]
public partial class FactorForm
{
    [Attention(heads: 4, ScoreScale = 1)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 64)]
    public partial Sublayer FeedForward { get; }
}
