namespace LowRank.EndToEnd.Tests.FineTuning;

/// <summary>Adapters over a fused product, a plain layer and beside a factored one; the first block has none.</summary>
[Transformer(vocabulary: 512, context: 32, width: 32, depth: 3, Norm = Norm.LayerNorm, Bias = Bias.All)]
[TrainingRun(tokens: 100_000, sequencesPerStep: 8)]
[LoRA(rank: 4, alpha: 8, Layers = "1..", Projections = Projections.Query | Projections.Value | Projections.Output)]
public partial class Adapted
{
    [Attention(heads: 4, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96)]
    [LowRank(rank: 8, Layers = "2..", Projections = Projections.Up)]
    [LoRA(rank: 3, alpha: 6, Layers = "2..", Projections = Projections.Down)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>A dense model without any declaration of low rank.</summary>
[Transformer(vocabulary: 320, context: 32, width: 32, depth: 2)]
public partial class Plain
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 96, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
