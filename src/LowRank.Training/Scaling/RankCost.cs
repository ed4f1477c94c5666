using LowRank.Costs;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;

namespace LowRank.Training.Scaling;

/// <summary>
/// What one of the ranks that train a variant holds, computes and sends in an optimizer step; of a guided one, in a step in which every
/// guide takes part. Bytes are those of 32-bit floats. Gradients are summed over the ranks once a step, after its last micro-batch.
/// </summary>
internal sealed class RankCost
{
    private readonly RankJob job;
    private readonly ModelCost cost;
    private readonly TrainedWeights weights;
    private readonly OptimizerNumbers optimizer;

    private RankCost(RankJob job, ModelCost cost, Variant variant)
    {
        (this.job, this.cost, Variant) = (job, cost, variant);
        weights = TrainedWeights.Of(cost, variant);
        optimizer = new(job.Optimizer, job.GaLoreRank);
        if (optimizer.TooSmall(weights) is { } small)
            throw GaLoreRankLimit.Refusal(
                job.GaLoreRank,
                $"a weight of {cost.Model}",
                small.Outputs,
                small.Inputs,
                weights.Matrices.Where(matrix => matrix.IsFull).Min(matrix => Math.Min(matrix.Outputs, matrix.Inputs))
            );
        var shares = StateShares.Of(weights, optimizer, job.Ranks);
        ReducedNumbers = optimizer.Reduced(weights, isRefresh: false);
        RefreshNumbers = job.Optimizer == OptimizerKind.GaLore ? optimizer.Reduced(weights, isRefresh: true) : null;
        var state = Bytes(optimizer.State(weights));
        Whole = new(state, state, Bytes(ReducedNumbers), IsSharded: false, this);
        Sharded = new(Bytes(shares.Largest), Bytes(shares.Even), Bytes(ReducedNumbers), IsSharded: true, this);
    }

    /// <summary>The variant.</summary>
    public Variant Variant { get; }

    /// <summary>The job.</summary>
    public RankJob Job => job;

    /// <summary>Every rank keeps all of the optimizer's state: gradients are all-reduced.</summary>
    public ShardingCost Whole { get; }

    /// <summary>Every rank keeps the state of what it updates: gradients are reduce-scattered, values all-gathered.</summary>
    public ShardingCost Sharded { get; }

    /// <summary>Bytes of all parameters, guides included.</summary>
    public decimal ParameterBytes => Bytes(weights.Held);

    /// <summary>Bytes of the effective weights.</summary>
    public decimal EffectiveWeightBytes => Bytes(weights.Guides);

    /// <summary>Bytes of the gradients of what is trained.</summary>
    public decimal GradientBytes => Bytes(weights.Trained);

    /// <summary>Numbers that are trained: what is gathered where the state is sharded.</summary>
    public long TrainedNumbers => weights.Trained;

    /// <summary>Gradients that are summed over the ranks; with GaLore between two of its projections.</summary>
    public long ReducedNumbers { get; }

    /// <summary>The same in a step in which GaLore chooses its projections; null for other optimizers.</summary>
    public long? RefreshNumbers { get; }

    /// <summary>Most sequences in one pass of the rank with the most; the last of its passes in a step may have fewer.</summary>
    public int SequencesPerMicroBatch => Math.Min(job.SequencesPerRank, job.SequencesPerMicroBatch);

    /// <summary>FLOPs per token, forward and backward, paper convention.</summary>
    public decimal FlopsPerToken =>
        Variant == Variant.Lora
            ? cost.Adapters!.TrainingFlopsPerToken
            : TrainingFlopFormula.WithoutGuide(
                Variant == Variant.Guided ? cost.GuidedForwardFlopsPerToken : cost.ForwardFlopsPerToken,
                1,
                1
            );

    /// <summary>The variants of a model, dense first; guided and not guided are both there where there is a guide.</summary>
    /// <exception cref="InputException">The optimizer doesn't fit, or the accounting is incomplete.</exception>
    public static IReadOnlyList<RankCost> All(ModelEntry entry, RankJob job) =>
        [
            .. new[] { Variant.Dense, Variant.Guided, Variant.LowRank, Variant.Lora }
                .Where(entry.Variants().Contains)
                .Select(variant => new RankCost(job, Variants.Cost(entry, variant), variant)),
        ];

    /// <summary>
    /// Bytes beside parameters, gradients and state at the fullest moment of a step; null where they aren't known, as for adapters.
    /// </summary>
    /// <param name="mixed">Whether products are bfloat16.</param>
    public decimal? WorkingBytes(bool mixed)
    {
        if (cost.Memory is not { } memory || Variant == Variant.Lora)
            return null;
        var phases = mixed ? memory.MixedPrecision : memory.FullPrecision;
        return (Variant == Variant.Guided ? phases.AtStart : phases.AtEnd).Of((long)SequencesPerMicroBatch * cost.Context);
    }

    /// <summary>
    /// Gradients that are summed over the whole run, guides phased out, sampled ones in the expected number of steps; null where its length
    /// isn't known.
    /// </summary>
    internal decimal? RunReducedNumbers
    {
        get
        {
            if (job.Steps is not { } steps)
                return null;
            // GaLore projects anew in the first step and after every gap.
            var refreshes = RefreshNumbers is null ? 0 : steps / job.GaLoreGap + (steps % job.GaLoreGap == 0 ? 0 : 1);
            var after = Variant == Variant.Guided ? TrainedWeights.Of(cost, Variant.LowRank) : weights;
            return (decimal)optimizer.Reduced(after, isRefresh: false) * (steps - refreshes)
                + (decimal)optimizer.Reduced(after, isRefresh: true) * refreshes
                // mn instead of r(m+n): half of the difference in FLOPs.
                + GuidedSteps(steps, guide => guide.ExtraForwardFlopsPerToken / 2m);
        }
    }

    /// <summary>Numbers that are gathered over the whole run where the state is sharded; null where its length isn't known.</summary>
    internal decimal? RunGatheredNumbers =>
        job.Steps is { } steps
            ? (decimal)(Variant == Variant.Guided ? cost.Parameters : weights.Trained) * steps
                + GuidedSteps(steps, guide => guide.Parameters)
            : null;

    /// <summary>FLOPs of a step on the rank with the most sequences, for another number of ranks, too.</summary>
    internal decimal FlopsOn(int ranks, bool isSharded) =>
        FlopsPerToken * job.SharedBy(ranks) * cost.Context + FlopsPerStep(ranks, isSharded);

    /// <summary>Seconds of them; null where no device is stated.</summary>
    internal double? SecondsOn(int ranks, bool isSharded) => (double)FlopsOn(ranks, isSharded) / job.FlopsPerSecond;

    /// <summary>The tokens of a step on each rank for which computing takes at least as long; null where no device is stated.</summary>
    internal decimal? TokensFor(double seconds, bool isSharded)
    {
        if (job.FlopsPerSecond is not { } rate || FlopsPerToken == 0)
            return null;
        var tokens = Math.Ceiling((seconds * rate - (double)FlopsPerStep(job.Ranks, isSharded)) / (double)FlopsPerToken);
        return tokens < 1e28 ? (decimal)Math.Max(0, tokens) : null;
    }

    /// <summary>Bytes of 32-bit floats.</summary>
    internal static decimal Bytes(decimal numbers) => numbers * StateMemoryFormula.Bytes32;

    // The same for any number of tokens. Every rank forms the effective weights, 2rmn of a guide's 6rmn FLOPs. Both projections, 4rmn, are
    // every rank's where all have the whole gradient, and the owner's where it alone has it.
    private decimal FlopsPerStep(int ranks, bool isSharded)
    {
        if (Variant == Variant.Lora)
            return 0;
        var decay = cost.Factors.Sum(factors => (decimal)factors.DecayFlopsPerStep);
        if (!weights.HasGuides)
            return decay;
        var forming = weights.Sum(Forming);
        var projecting = checked(2 * forming);
        return decay
            + forming
            + (
                isSharded
                    ? StateShares.LeastLargest(0, weights.Matrices.Select(matrix => 2 * Forming(matrix)), projecting, ranks)
                    : projecting
            );

        static long Forming(TrainedMatrix matrix) => matrix.HasGuide ? checked(2L * matrix.Rank * matrix.Full) : 0;
    }

    private decimal GuidedSteps(long steps, Func<GuideCost, decimal> numbers) =>
        Variant != Variant.Guided
            ? 0
            : cost.Guides.Sum(guide =>
            {
                var guided = TrainingFlopFormula.GuidedSteps(steps, guide.PhaseOut);
                return numbers(guide) * (guide.Guide == Guide.Sampled ? TrainingFlopFormula.ExpectedSampledSteps(guided) : guided);
            });
}
