namespace LowRank.Examples.Models;

/// <summary>
/// A small mixture of experts in the style of Mixtral: each token passes through two of eight gated experts, kept busy by a balancing loss.
/// </summary>
[Transformer(vocabulary: 8_192, context: 256, width: 192, depth: 6, RotaryBase = 1_000_000)]
[TrainingRun(tokens: 200_000_000, sequencesPerStep: 64)]
public partial class MixtureXs
{
    [Attention(heads: 6, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 320, Gated = true)]
    [Experts(count: 8, active: 2)]
    public partial Sublayer FeedForward { get; }
}
