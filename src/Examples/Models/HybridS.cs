namespace LowRank.Examples.Models;

/// <summary>
/// A small hybrid stack: attention within a window of 256 tokens and over the whole context in turn, grouped queries, a gated
/// feed-forward that keeps 40 % of its weights from block 1 on, and low-rank queries where attention is local.
/// </summary>
[Transformer(vocabulary: 16_384, context: 1_024, width: 512, depth: 12, RotaryBase = 100_000, TieEmbeddings = true)]
[TrainingRun(tokens: 2_000_000_000, sequencesPerStep: 256)]
[DenseBaseline]
public partial class HybridS
{
    [Attention(heads: 8, KeyValueHeads = 2, Window = 256, Layers = "..:2")]
    [LowRank(rank: 128, phaseOut: 0.5, Layers = "2..", Projections = Projections.Query | Projections.Output)]
    public partial Sublayer Local { get; }

    [Attention(heads: 8, KeyValueHeads = 2, Layers = "1..:2")]
    public partial Sublayer Global { get; }

    [FeedForward(hidden: 1_536, Gated = true)]
    [LowRank(phaseOut: 0.5, Ratio = 0.4, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}
