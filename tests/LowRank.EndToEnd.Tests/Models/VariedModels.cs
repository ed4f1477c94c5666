namespace LowRank.EndToEnd.Tests.Models;

/// <summary>GPT-2's form: learned positions, LayerNorm, biases, tied embeddings.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 48,
    depth: 3,
    Positions = Positions.Learned,
    Norm = Norm.LayerNorm,
    Bias = Bias.All,
    TieEmbeddings = true
)]
[LowRank(rank: 8, phaseOut: 0.4, Layers = "..^1", Guide = Guide.Sampled)]
[DenseBaseline]
public partial class GptForm
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 192, Activation.GeluTanh)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Qwen3's form: head size apart from the width, grouped queries, query and key norms, gated feed-forward.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 48,
    depth: 2,
    RotaryBase = 1_000_000,
    NormEpsilon = 1e-6,
    TieEmbeddings = true,
    ActivationCheckpointing = true
)]
[LowRank(rank: 6, phaseOut: 1, Schedule = Schedule.Linear)]
public partial class QwenForm
{
    [Attention(heads: 4, KeyValueHeads = 2, HeadSize = 16, QueryKeyNorm = QueryKeyNorm.Head)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Pythia's form: parallel residual, a quarter of the head rotated, untied head, biases.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 64,
    depth: 2,
    RotaryFraction = 0.25,
    Norm = Norm.LayerNorm,
    Bias = Bias.All,
    Residual = Residual.Parallel
)]
[DenseBaseline]
public partial class PythiaForm
{
    [Attention(heads: 4)]
    [Dense]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 256, Activation.Gelu)]
    [LowRank(rank: 16, Guide = Guide.None)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>No positions, biases of queries, keys and values alone, the feed-forward first, squared ReLU.</summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 2, Positions = Positions.None, Bias = Bias.QueryKeyValue)]
internal sealed partial class Unusual
{
    [FeedForward(hidden: 64, Activation.ReluSquared)]
    public partial Sublayer Mlp { get; }

    [Attention(heads: 2)]
    [LowRank(rank: 4, phaseOut: 0.5)]
    public partial Sublayer Mixer { get; }
}

/// <summary>An encoder: every token sees every other.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 48,
    depth: 2,
    Causal = false,
    Positions = Positions.Learned,
    Norm = Norm.LayerNorm,
    Bias = Bias.All,
    TieEmbeddings = true
)]
[LowRank(rank: 6)]
[DenseBaseline]
public partial class EncoderForm
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Activation.Gelu)]
    public partial Sublayer FeedForward { get; }
}
