using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>What the guides of one <see cref="LowRankAttribute"/> cost, over all blocks and linears that it selects.</summary>
/// <param name="PhaseOut">Fraction of the training steps after which they are gone.</param>
/// <param name="Guide">How they take part.</param>
/// <param name="Schedule">How their share falls.</param>
/// <param name="Linears">Number of factored linears with a guide.</param>
/// <param name="Parameters">Parameters they hold while they exist.</param>
/// <param name="ExtraForwardFlopsPerToken">FLOPs per token through the effective weights less those through the factors.</param>
/// <param name="ProjectionFlopsPerStep">FLOPs per optimizer step for forming effective weights and projecting gradients.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GuideCost(
    double PhaseOut,
    Guide Guide,
    Schedule Schedule,
    int Linears,
    long Parameters,
    long ExtraForwardFlopsPerToken,
    long ProjectionFlopsPerStep
);
