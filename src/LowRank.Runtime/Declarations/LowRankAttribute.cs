namespace LowRank;

/// <summary>
/// Replaces the linear layers of a sublayer (on a property), of every sublayer (on the class) or of every model (on the assembly) by
/// two factors, <c>y = U(Vx) + b</c> with <c>V: rank × inputs</c> and <c>U: outputs × rank</c>. A full-size guide helps the factors
/// through the first part of training and is then removed (Wei et al., 2024). Saves parameters and FLOPs while the rank stays below
/// the break-even <c>inputs·outputs/(inputs+outputs)</c>. For every linear layer of every block the nearest declaration that selects
/// it wins: property over class over assembly. Several may stand side by side as long as no layer is selected by two of them.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Assembly, AllowMultiple = true, Inherited = false)]
public sealed class LowRankAttribute : Attribute
{
    /// <summary>Factors with a given rank.</summary>
    /// <param name="rank">Inner size of the factors, from 1 to min(inputs, outputs).</param>
    /// <param name="phaseOut">Fraction of the training steps, in (0, 1], after which the guide is gone. Default: one half.</param>
    public LowRankAttribute(int rank, double phaseOut = 0.5)
    {
        Rank = rank;
        PhaseOut = phaseOut;
    }

    /// <summary>Factors with the rank that <see cref="Ratio"/> gives each linear layer.</summary>
    /// <param name="phaseOut">Fraction of the training steps, in (0, 1], after which the guide is gone. Default: one half.</param>
    public LowRankAttribute(double phaseOut = 0.5) => PhaseOut = phaseOut;

    /// <summary>Inner size of the factors; 0 where <see cref="Ratio"/> says it.</summary>
    public int Rank { get; }

    /// <summary>Fraction of the training steps after which the guide is gone.</summary>
    public double PhaseOut { get; }

    /// <summary>
    /// Instead of a rank: the fraction, in (0, 1], of the weights of each linear layer that its factors may hold. The rank is the
    /// largest that keeps at most so many, <c>⌊Ratio · inputs·outputs / (inputs+outputs)⌋</c>.
    /// </summary>
    public double Ratio { get; set; }

    /// <summary>
    /// The blocks that are factored, as C# ranges over the depth: <c>"1.."</c> is all but the first, <c>"..^1"</c> all but the last,
    /// <c>"..2, ^2.."</c> the first and the last two, <c>"1..:2"</c> every second from block 1. Default: all.
    /// </summary>
    public string Layers { get; set; } = "..";

    /// <summary>The linear layers that are factored, by their role. Default: all that the sublayer has.</summary>
    public Projections Projections { get; set; } = Projections.All;

    /// <summary>How the guide takes part while it is phased out. Default: the exact mix.</summary>
    public Guide Guide { get; set; } = Guide.Mixed;

    /// <summary>How the guide's share falls. Default: cosine.</summary>
    public Schedule Schedule { get; set; } = Schedule.Cosine;
}
