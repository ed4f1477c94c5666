using System.ComponentModel;

namespace LowRank.Layers;

/// <summary>What a <see cref="LowRankAttribute"/> says about the factors of a layer beside their rank and guide.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record FactorOptions
{
    /// <summary>A non-linearity between the factors, <c>y = U·f(Vx) + b</c>; null for none.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Whether the inner vector is added to the output, <c>(1/√K)·repeat(Vx, K)</c>.</summary>
    public bool Residual { get; init; }

    /// <summary>How the factors start.</summary>
    public LowRank.Initialization Initialization { get; init; }

    /// <summary>Optimizer steps between two rebalancings of the factors; 0 for none.</summary>
    public int RebalanceEvery { get; init; }

    /// <summary>λ of the penalty <c>(λ/2)‖UV‖²</c>; 0 for none.</summary>
    public double ProductDecay { get; init; }
}
