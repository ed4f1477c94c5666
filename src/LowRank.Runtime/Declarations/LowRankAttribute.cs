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
    private Activation? activation;

    /// <summary>Factors with a given rank.</summary>
    /// <param name="rank">Inner size of the factors, from 1 to min(inputs, outputs).</param>
    /// <param name="phaseOut">Fraction of the training steps, in (0, 1], after which the guide is gone. Default: one half.</param>
    public LowRankAttribute(int rank, double phaseOut = 0.5)
    {
        Rank = rank;
        PhaseOut = phaseOut;
    }

    /// <summary>
    /// Factors with the rank that <see cref="Ratio"/> gives each linear layer. Without any argument it is the recipe that reached the dense
    /// model's perplexity with the fewest training FLOPs (docs/results.md): <c>Ratio = 0.32, Layers = "1..", Guide = Guide.None</c>, on a
    /// class or the assembly the feed-forward layers alone, <c>Projections = Gate | Up | Down</c>; in a module the ratio and no guide. It
    /// was measured with <see cref="OptimizerKind.Muon"/>, at one token per parameter; at two to twenty it gave up 7 to 8 % of perplexity
    /// for a quarter of the FLOPs, where a dense model with narrower hidden layers of the same cost gave up 3 to 7 %.
    /// </summary>
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

    /// <summary>How the guide takes part while it is phased out. Default: the exact mix; none with an <see cref="Activation"/>.</summary>
    public Guide Guide { get; set; } = Guide.Mixed;

    /// <summary>How the guide's share falls. Default: cosine.</summary>
    public Schedule Schedule { get; set; } = Schedule.Cosine;

    /// <summary>
    /// A non-linearity between the factors, <c>y = U·f(Vx) + b</c> (CoLA, Liu et al., 2025, arXiv:2502.10940). Default: none. The layer is
    /// no product any more, so it excludes what assumes one: guide, residual, rebalancing, product decay, the initializations Spectral and
    /// Pretrained, and merging on export.
    /// </summary>
    public Activation Activation
    {
        get => activation.GetValueOrDefault();
        set => activation = value;
    }

    /// <summary>Whether <see cref="Activation"/> is set.</summary>
    internal bool HasActivation => activation is not null;

    /// <summary>
    /// Adds the inner vector to the output, repeated over it: <c>y = Uz + (1/√K)·repeat(z, K)</c>, <c>z = Vx</c>, <c>K =
    /// ⌈outputs/rank⌉</c>, cut to the outputs. The same as adding <c>(1/√K)·[I; I; …]</c> to U, at no cost in FLOPs or parameters. Default:
    /// no.
    /// </summary>
    public bool Residual { get; set; }

    /// <summary>How the factors start. Default: spectral; Gaussian with an <see cref="Activation"/>.</summary>
    public Initialization Initialization { get; set; } = Initialization.Spectral;

    /// <summary>
    /// Every so many optimizer steps the factors are rewritten to equal spectra, <c>UV = PSQᵀ → U = P√S, V = √S·Qᵀ</c>, and their moments
    /// start anew; the product stays. Default: never.
    /// </summary>
    public int RebalanceEvery { get; set; }

    /// <summary>
    /// λ: the gradient of <c>(λ/2)‖UV‖²</c> is added to that of the factors once per optimizer step. It is no decoupled decay: it is
    /// clipped and enters the moments with the rest. Default: 0.
    /// </summary>
    public double ProductDecay { get; set; }
}
