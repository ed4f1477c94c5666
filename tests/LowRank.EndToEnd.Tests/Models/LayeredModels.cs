namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Local and global attention in turn, as Gemma 2 has it, every form of low rank within.</summary>
[Transformer(vocabulary: 300, context: 32, width: 48, depth: 6)]
[LowRank(Ratio = 0.4, Layers = "1..", Projections = Projections.Gate | Projections.Up)]
[LowRank(rank: 5, phaseOut: 0.3, Guide = Guide.Sampled, Projections = Projections.Output)]
[TrainingRun(tokens: 10_000, sequencesPerStep: 4)]
[DenseBaseline]
public partial class Alternating
{
    [Attention(heads: 4, KeyValueHeads = 2, Window = 7, Layers = "..:2")]
    [LowRank(rank: 6, Layers = "2..", Projections = Projections.Query)]
    public partial Sublayer Local { get; }

    [Attention(heads: 4, KeyValueHeads = 2, Layers = "1..:2")]
    public partial Sublayer Global { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Blocks of many kinds: sublayers at the ends, in the middle, in single blocks, in parallel.</summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 7, Residual = Residual.Parallel, Norm = Norm.LayerNorm, Bias = Bias.All)]
[LowRank(rank: 4, Layers = "3..")]
[DenseBaseline]
public partial class Patchwork
{
    [FeedForward(hidden: 64, Layers = "..1, ^1..")]
    public partial Sublayer Ends { get; }

    [Attention(heads: 2, Window = 1, Layers = "1..5:3")]
    public partial Sublayer Self { get; }

    [Attention(heads: 4, HeadSize = 6, QueryKeyNorm = QueryKeyNorm.Head, Window = 31, Layers = "1..^1")]
    [LowRank(rank: 3, Layers = "4..5", Projections = Projections.Key | Projections.Output)]
    public partial Sublayer Wide { get; }

    [FeedForward(hidden: 48, Activation.Relu, Layers = "2..6:2")]
    [Dense]
    public partial Sublayer Inner { get; }
}
