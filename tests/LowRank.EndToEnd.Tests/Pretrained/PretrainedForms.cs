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
