using System.ComponentModel;

namespace LowRank.Layers;

/// <summary>How a <see cref="Router"/> chooses and weighs experts, as <see cref="ExpertsAttribute"/> says it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record RoutingOptions
{
    /// <summary>Number of experts that a token passes through.</summary>
    public required int Active { get; init; }

    /// <summary>How logits become scores.</summary>
    public RouterScore Score { get; init; }

    /// <summary>Whether the chosen scores are divided by their sum.</summary>
    public bool NormalizeWeights { get; init; } = true;

    /// <summary>What the weights are multiplied by.</summary>
    public double WeightScale { get; init; } = 1;

    /// <summary>The weight of the balancing loss; 0 for none.</summary>
    public double BalanceWeight { get; init; }

    /// <summary>By how much the balancing bias moves after an optimizer step; 0 where there is none.</summary>
    public double BiasStep { get; init; }
}
