namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>GPT-2, its second block factored whole.</summary>
[Transformer(
    vocabulary: 320,
    context: 32,
    width: 48,
    depth: 2,
    Positions = Positions.Learned,
    Norm = Norm.LayerNorm,
    Bias = Bias.All,
    TieEmbeddings = true
)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
[DenseBaseline]
public partial class TinyGpt2
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 192, Activation.GeluTanh)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>LLaMA: grouped queries, untied head.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, RotaryBase = 500_000, NormEpsilon = 1e-6)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
[DenseBaseline]
public partial class TinyLlama
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>LLaMA with every bias that its configuration has, and a tied head.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, Bias = Bias.All, TieEmbeddings = true)]
[LowRank(rank: 8, Guide = Guide.None)]
[DenseBaseline]
public partial class TinyBiasedLlama
{
    [Attention(heads: 4)]
    public partial Sublayer Mixer { get; }

    [FeedForward(hidden: 96, Activation.GeluTanh, Gated = true)]
    public partial Sublayer Mlp { get; }
}

/// <summary>Mistral: a window shorter than the context, a head size of its own.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..", Guide = Guide.Sampled)]
[DenseBaseline]
public partial class TinyMistral
{
    [Attention(heads: 4, KeyValueHeads = 1, HeadSize = 16, Window = 6)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Qwen2: biases of queries, keys and values, a tied head.</summary>
[Transformer(
    vocabulary: 320,
    context: 32,
    width: 48,
    depth: 2,
    RotaryBase = 1_000_000,
    NormEpsilon = 1e-6,
    Bias = Bias.QueryKeyValue,
    TieEmbeddings = true
)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..", Projections = Projections.Query | Projections.Up)]
[DenseBaseline]
public partial class TinyQwen2
{
    [Attention(heads: 6, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Qwen3: normalized query and key heads, a head size of its own.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, RotaryBase = 1_000_000, NormEpsilon = 1e-6, TieEmbeddings = true)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
[DenseBaseline]
public partial class TinyQwen3
{
    [Attention(heads: 4, KeyValueHeads = 2, HeadSize = 16, QueryKeyNorm = QueryKeyNorm.Head)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Qwen3 with local and global attention in turn, two sublayers here.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 3, NormEpsilon = 1e-6)]
[DenseBaseline]
public partial class TinyHybridQwen3
{
    [Attention(heads: 4, KeyValueHeads = 2, QueryKeyNorm = QueryKeyNorm.Head, Window = 5, Layers = "..:2")]
    public partial Sublayer Local { get; }

    [Attention(heads: 4, KeyValueHeads = 2, QueryKeyNorm = QueryKeyNorm.Head, Layers = "1..:2")]
    public partial Sublayer Global { get; }

    [FeedForward(hidden: 96, Gated = true)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}

/// <summary>TinyLlama with factors of full rank: truncation loses nothing.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, RotaryBase = 500_000, NormEpsilon = 1e-6)]
public partial class TinyFullRankLlama
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

#pragma warning disable LRK0302 // As many weights as dense and more: the point is that nothing is lost.
    [FeedForward(hidden: 96, Gated = true)]
    [LowRank(rank: 48, phaseOut: 0.5)]
    public partial Sublayer FeedForward { get; }
#pragma warning restore LRK0302
}

/// <summary>LLaMA 3.1's scaled frequencies.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, RotaryBase = 500, NormEpsilon = 1e-6)]
[RotaryScaling(RotaryScalingType.Llama3, factor: 4, OriginalContext = 16)]
[DenseBaseline]
public partial class TinyScaledLlama
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Qwen3 with YaRN.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, RotaryBase = 500, NormEpsilon = 1e-6)]
[RotaryScaling(RotaryScalingType.Yarn, factor: 4, OriginalContext = 16, BetaFast = 2, BetaSlow = 0.5)]
[DenseBaseline]
public partial class TinyYarnQwen3
{
    [Attention(heads: 4, KeyValueHeads = 2, QueryKeyNorm = QueryKeyNorm.Head)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}

/// <summary>OLMo 2: norms after the sublayers, over all queries and over all keys.</summary>
[Transformer(
    vocabulary: 320,
    context: 32,
    width: 48,
    depth: 2,
    RotaryBase = 500_000,
    NormEpsilon = 1e-6,
    NormPlacement = NormPlacement.After
)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
[DenseBaseline]
public partial class TinyOlmo2
{
    [Attention(heads: 4, KeyValueHeads = 2, QueryKeyNorm = QueryKeyNorm.Projection)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Gemma 2: norms before and after, caps, a scaled embedding, every second block with a window.</summary>
[Transformer(
    vocabulary: 320,
    context: 32,
    width: 48,
    depth: 2,
    NormEpsilon = 1e-6,
    NormPlacement = NormPlacement.Both,
    TieEmbeddings = true,
    ScaleEmbeddings = true,
    LogitSoftCap = 30
)]
[DenseBaseline]
public partial class TinyGemma2
{
    [Attention(heads: 4, KeyValueHeads = 2, HeadSize = 16, ScoreScale = 0.2, ScoreSoftCap = 50, Window = 6, Layers = "..:2")]
    public partial Sublayer Local { get; }

    [Attention(heads: 4, KeyValueHeads = 2, HeadSize = 16, ScoreScale = 0.2, ScoreSoftCap = 50, Layers = "1..:2")]
    public partial Sublayer Global { get; }

    [FeedForward(hidden: 96, Activation.GeluTanh, Gated = true)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Gemma 3: normalized heads, frequencies of their own where there is a window, scaled ones elsewhere.</summary>
[Transformer(
    vocabulary: 320,
    context: 32,
    width: 48,
    depth: 3,
    NormEpsilon = 1e-6,
    NormPlacement = NormPlacement.Both,
    TieEmbeddings = true,
    ScaleEmbeddings = true,
    RotaryBase = 1_000_000
)]
[DenseBaseline]
public partial class TinyGemma3
{
    [Attention(
        heads: 4,
        KeyValueHeads = 1,
        HeadSize = 16,
        QueryKeyNorm = QueryKeyNorm.Head,
        Window = 6,
        RotaryBase = 10_000,
        Layers = "..2"
    )]
    public partial Sublayer Local { get; }

    [Attention(heads: 4, KeyValueHeads = 1, HeadSize = 16, QueryKeyNorm = QueryKeyNorm.Head, Layers = "2..")]
    [RotaryScaling(RotaryScalingType.Linear, factor: 8)]
    public partial Sublayer Global { get; }

    [FeedForward(hidden: 96, Activation.GeluTanh, Gated = true)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}

/// <summary>GPT-Neo: scores unscaled, biases of all but queries, keys and values, every second block with a window.</summary>
[Transformer(
    vocabulary: 320,
    context: 32,
    width: 48,
    depth: 2,
    Positions = Positions.Learned,
    Norm = Norm.LayerNorm,
    Bias = Bias.All,
    TieEmbeddings = true
)]
[DenseBaseline]
public partial class TinyGptNeo
{
    [Attention(heads: 4, ScoreScale = 1, Bias = Projections.Output, Layers = "..:2")]
    public partial Sublayer Global { get; }

    [Attention(heads: 4, ScoreScale = 1, Bias = Projections.Output, Window = 5, Layers = "1..:2")]
    public partial Sublayer Local { get; }

    [FeedForward(hidden: 192, Activation.GeluTanh)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Phi-3: half of each head is rotated, one window.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, RotaryFraction = 0.5)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
[DenseBaseline]
public partial class TinyPhi3
{
    [Attention(heads: 4, KeyValueHeads = 2, Window = 6)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Phi-3 of 128k tokens, made small: other rotary frequencies for texts above 16 tokens.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, RotaryBase = 500)]
[RotaryScaling(
    RotaryScalingType.LongRope,
    factor: 2,
    OriginalContext = 16,
    ShortFactors = new double[] { 1, 1.05, 1.1, 1.25, 1.5, 2 },
    LongFactors = new double[] { 1, 1.5, 2.5, 4, 6, 8.5 }
)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
[DenseBaseline]
public partial class TinyLongPhi3
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Pythia: sublayers beside one another, half of each head rotated.</summary>
[Transformer(
    vocabulary: 320,
    context: 32,
    width: 48,
    depth: 2,
    RotaryBase = 500,
    RotaryFraction = 0.5,
    Norm = Norm.LayerNorm,
    Bias = Bias.All,
    Residual = Residual.Parallel
)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
[DenseBaseline]
public partial class TinyPythia
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 192, Activation.Gelu)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>GPT-NeoX with sublayers one after the other, attention without biases, a tied head.</summary>
[Transformer(
    vocabulary: 320,
    context: 32,
    width: 48,
    depth: 2,
    RotaryBase = 500,
    Norm = Norm.LayerNorm,
    Bias = Bias.All,
    TieEmbeddings = true
)]
[DenseBaseline]
public partial class TinyGptNeoX
{
    [Attention(heads: 4, Bias = Projections.None)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 192, Activation.Gelu)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Mixtral: a mixture in every block.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, RotaryBase = 1_000_000)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
[DenseBaseline]
public partial class TinyMixtral
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 40, Gated = true)]
    [Experts(count: 4, active: 2)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Qwen3 with mixtures in some blocks, scores not divided by their sum.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 3, NormEpsilon = 1e-6)]
[LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
[DenseBaseline]
public partial class TinyQwen3Moe
{
    [Attention(heads: 4, KeyValueHeads = 2, HeadSize = 16, QueryKeyNorm = QueryKeyNorm.Head)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true, Layers = "1..2")]
    public partial Sublayer Plain { get; }

    [FeedForward(hidden: 24, Gated = true, Layers = "..1, 2..")]
    [Experts(count: 6, active: 3, NormalizeWeights = false)]
    public partial Sublayer Mixture { get; }
}

/// <summary>DeepSeek-V2 as its Lite model is: queries projected directly, a dense block, then mixtures with shared experts.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 3, NormEpsilon = 1e-6)]
[DenseBaseline]
public partial class TinyDeepSeekV2
{
    [Attention(heads: 4, KeyValueRank = 20, HeadSize = 12, RotarySize = 8, ValueSize = 16)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..", Projections = Projections.Query | Projections.Output)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true, Layers = "..1")]
    public partial Sublayer First { get; }

    [FeedForward(hidden: 24, Gated = true, Layers = "1..")]
    [Experts(count: 6, active: 2, Shared = 2, NormalizeWeights = false, WeightScale = 1.5)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer Mixture { get; }
}

/// <summary>DeepSeek-V2 with latent queries, YaRN and one active expert.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 2, RotaryBase = 500, NormEpsilon = 1e-6)]
[RotaryScaling(RotaryScalingType.Yarn, factor: 40, OriginalContext = 16, BetaFast = 2, BetaSlow = 0.5, AttentionFactor = 1)]
[DenseBaseline]
public partial class TinyYarnDeepSeekV2
{
    [Attention(heads: 4, KeyValueRank = 20, QueryRank = 24, HeadSize = 12, RotarySize = 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 24, Gated = true)]
    [Experts(count: 4, active: 1, NormalizeWeights = false)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}

/// <summary>SmolLM3: a block between two that doesn't rotate.</summary>
[Transformer(vocabulary: 320, context: 32, width: 48, depth: 3, RotaryBase = 5_000, NormEpsilon = 1e-6, TieEmbeddings = true)]
[DenseBaseline]
public partial class TinySmolLm3
{
    [Attention(heads: 4, KeyValueHeads = 2, Layers = "..:2")]
    public partial Sublayer Rotated { get; }

    [Attention(heads: 4, KeyValueHeads = 2, Positions = Positions.None, Layers = "1..2")]
    public partial Sublayer Unplaced { get; }

    [FeedForward(hidden: 96, Gated = true)]
    [LowRank(rank: 8, phaseOut: 0.5, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
