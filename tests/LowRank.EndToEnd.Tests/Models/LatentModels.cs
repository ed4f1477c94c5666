namespace LowRank.EndToEnd.Tests.Models;

/// <summary>DeepSeek-V2's attention: latents of queries, of keys and values, a shared rotated key, values of another size.</summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 3)]
[LowRank(
    rank: 4,
    phaseOut: 0.4,
    Layers = "1..",
    Projections = Projections.QueryDown | Projections.Key | Projections.Value | Projections.Output | Projections.Up
)]
[TrainingRun(tokens: 10_000, sequencesPerStep: 4)]
[DenseBaseline]
public partial class LatentForm
{
    [Attention(heads: 2, HeadSize = 12, KeyValueRank = 10, QueryRank = 12, RotarySize = 6, ValueSize = 8)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 64, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Latents without norm or rotation, biases, a window, sublayers beside one another with norms behind them.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 32,
    depth: 2,
    Positions = Positions.Learned,
    Norm = Norm.LayerNorm,
    Bias = Bias.All,
    NormPlacement = NormPlacement.After,
    Residual = Residual.Parallel
)]
public partial class LatentPlain
{
    [Attention(heads: 4, KeyValueRank = 9, LatentNorm = false, Window = 7)]
    [LowRank(rank: 3, Guide = Guide.None, Residual = true, Projections = Projections.KeyValueDown | Projections.Key)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 64)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Latent and grouped attention in turn, keys that are no product of the latents, adapters, checkpointed activations.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 48,
    depth: 4,
    NormPlacement = NormPlacement.Both,
    TieEmbeddings = true,
    ActivationCheckpointing = true
)]
[DenseBaseline]
public partial class LatentHybrid
{
    [Attention(heads: 4, HeadSize = 8, KeyValueRank = 12, RotarySize = 4, RotaryBase = 500, Window = 7, Layers = "..:2")]
    [LowRank(rank: 5, Activation = Activation.Silu, Layers = "2..", Projections = Projections.Key)]
    [LoRA(rank: 2, alpha: 4, Projections = Projections.Value | Projections.KeyValueDown | Projections.Query)]
    public partial Sublayer Latent { get; }

    [Attention(heads: 4, KeyValueHeads = 2, Layers = "1..:2")]
    public partial Sublayer Global { get; }

    [FeedForward(hidden: 96)]
    public partial Sublayer FeedForward { get; }
}
