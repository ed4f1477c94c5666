using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>The accounting of a declared model. Its numbers come from the generator's constants; the totals are sums of them.</summary>
/// <param name="Model">The class's name.</param>
/// <param name="Context">The declared context S, in tokens.</param>
/// <param name="Parameters">Parameters once every guide is gone.</param>
/// <param name="ForwardFlopsPerToken">Forward FLOPs per token once every guide is gone, at the declared context, paper convention.</param>
/// <param name="ScoreFlopsPerToken">The attention-score share of it, <c>4·S·a</c> summed over the blocks, with the window in place of S
/// where it is smaller.</param>
/// <param name="Sublayers">The parts, in the order in which they run.</param>
/// <param name="Guides">The guides, one entry per <see cref="LowRankAttribute"/> in force that has any.</param>
/// <param name="Run">The declared training run, if any.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ModelCost(
    string Model,
    int Context,
    long Parameters,
    long ForwardFlopsPerToken,
    long ScoreFlopsPerToken,
    IReadOnlyList<SublayerCost> Sublayers,
    IReadOnlyList<GuideCost> Guides,
    DeclaredRun? Run
)
{
    private readonly long? active;

    /// <summary>The attention that sees a sliding window alone; the scores of all other attention grow with the context.</summary>
    public IReadOnlyList<WindowedAttention> Windows { get; init; } = [];

    /// <summary>The options of factors, one entry per <see cref="LowRankAttribute"/> in force that sets any.</summary>
    public IReadOnlyList<FactorCost> Factors { get; init; } = [];

    /// <summary>Whether factors must come from elsewhere, so that the model can't be trained from scratch.</summary>
    public bool NeedsPretrainedFactors => Factors.Any(factors => factors.Initialization == Initialization.Pretrained);

    /// <summary>
    /// What training by the declared adapters costs; null where none are declared. All other numbers leave the adapters out.
    /// </summary>
    public AdapterCost? Adapters { get; init; }

    /// <summary>The limits of its budget, kept or not; none where no budget is declared.</summary>
    public IReadOnlyList<BudgetLine> Budget { get; init; } = [];

    /// <summary>Whether a token sees itself and those before it alone, so that the model can learn and generate next tokens.</summary>
    public bool IsCausal { get; init; } = true;

    /// <summary>Whether the sublayers of a block all read its input, and not one what the one before it left.</summary>
    public bool ParallelResidual { get; init; }

    /// <summary>Whether the backward pass runs every block again, so that of a block only its input is kept until then.</summary>
    public bool RecomputesBlocks { get; init; }

    /// <summary>What it needs in memory; null where the accounting was written by hand without it.</summary>
    public MemoryCost? Memory { get; init; }

    /// <summary>
    /// Parameters that a token passes through once every guide is gone: all of them, embedding and head included, but of the experts of a
    /// mixture the active ones. FLOPs are always those of the active ones.
    /// </summary>
    public long ActiveParameters
    {
        get => active ?? Parameters;
        init => active = value;
    }

    /// <summary>Whether any sublayer is a mixture of experts.</summary>
    internal bool IsMixture => Sublayers.Any(part => part.Weights.Any(weight => weight.Copies > 1));

    /// <summary>Parameters that a token passes through at the first step, guides included.</summary>
    public long ActiveParametersAtStart => ActiveParameters + Sublayers.Sum(part => part.Count * part.ActiveGuideParameters);

    /// <summary>Parameters of all guides.</summary>
    public long GuideParameters => Guides.Sum(guide => guide.Parameters);

    /// <summary>Parameters at the first step, guides included. The effective weights are no parameters.</summary>
    public long ParametersAtStart => Parameters + GuideParameters;

    /// <summary>Forward FLOPs per token while every guide is present.</summary>
    public long GuidedForwardFlopsPerToken => ForwardFlopsPerToken + Guides.Sum(guide => guide.ExtraForwardFlopsPerToken);

    /// <summary>Forward FLOPs per token at any context and in either convention, every guide gone.</summary>
    /// <param name="context">Sequence length, in tokens.</param>
    /// <param name="convention">What is counted.</param>
    public long ForwardFlopsPerTokenAt(int context, FlopConvention convention)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(context);
        // What is left without the windows is a multiple of 4·S, so this division is exact.
        var full =
            (ScoreFlopsPerToken - Windows.Sum(window => window.ScoreFlopsPerToken(Context, FlopConvention.Paper))) / Context * context;
        var scores = convention == FlopConvention.Causal && IsCausal ? full / 2 : full;
        return ForwardFlopsPerToken - ScoreFlopsPerToken + scores + Windows.Sum(window => window.ScoreFlopsPerToken(context, convention));
    }

    /// <summary>Training FLOPs of a run of this model.</summary>
    /// <param name="steps">Optimizer steps.</param>
    /// <param name="sequencesPerStep">Sequences in one step.</param>
    /// <param name="context">Tokens in one sequence.</param>
    /// <param name="guided">Whether the guides are used. Sampled guides count with their expected number of draws.</param>
    /// <param name="convention">What is counted.</param>
    public decimal TrainingFlops(
        long steps,
        long sequencesPerStep,
        int context,
        bool guided,
        FlopConvention convention = FlopConvention.Paper
    )
    {
        var tokensPerStep = (decimal)sequencesPerStep * context;
        var total =
            TrainingFlopFormula.WithoutGuide(ForwardFlopsPerTokenAt(context, convention), steps, tokensPerStep)
            + Factors.Sum(factors =>
                FactorUpkeepFormula.Run(factors.DecayFlopsPerStep, factors.RebalanceFlops, factors.RebalanceEvery, steps)
            );
        if (!guided)
            return total;
        foreach (var guide in Guides)
        {
            var guidedSteps = TrainingFlopFormula.GuidedSteps(steps, guide.PhaseOut);
            var drawn = guide.Guide == Guide.Sampled ? TrainingFlopFormula.ExpectedSampledSteps(guidedSteps) : guidedSteps;
            total += TrainingFlopFormula.Guide(guide.ExtraForwardFlopsPerToken, guide.ProjectionFlopsPerStep, drawn, tokensPerStep);
        }

        return total;
    }
}
