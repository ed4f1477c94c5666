namespace LowRank;

/// <summary>
/// Replaces the linear layers of a sublayer (on a property) or of every sublayer (on the class) by two factors,
/// <c>y = U(Vx) + b</c> with <c>V: rank × inputs</c> and <c>U: outputs × rank</c>. A full-size guide helps the factors through the
/// first part of training and is then removed (Wei et al., 2024). Saves parameters and FLOPs while the rank stays below the
/// break-even <c>inputs·outputs/(inputs+outputs)</c>. The declaration on the property wins over the one on the class.
/// </summary>
/// <param name="rank">Inner size of the factors, from 1 to min(inputs, outputs).</param>
/// <param name="phaseOut">Fraction of the training steps, in (0, 1], after which the guide is gone. Default: one half.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, Inherited = false)]
public sealed class LowRankAttribute(int rank, double phaseOut = 0.5) : Attribute
{
    /// <summary>Inner size of the factors.</summary>
    public int Rank { get; } = rank;

    /// <summary>Fraction of the training steps after which the guide is gone.</summary>
    public double PhaseOut { get; } = phaseOut;

    /// <summary>
    /// The blocks that are factored, as a C# range over the depth: <c>"1.."</c> is all but the first, <c>"..^1"</c> all but the
    /// last. Default: all.
    /// </summary>
    public string Layers { get; set; } = "..";

    /// <summary>How the guide takes part while it is phased out. Default: the exact mix.</summary>
    public Guide Guide { get; set; } = Guide.Mixed;

    /// <summary>How the guide's share falls. Default: cosine.</summary>
    public Schedule Schedule { get; set; } = Schedule.Cosine;
}
