namespace LowRank.Costs;

/// <summary>What the guides would cost as branches of their own, as in the code of Wei et al. (2024).</summary>
internal static class TwoBranchCost
{
    /// <summary>Training FLOPs of a guided run with two branches.</summary>
    /// <param name="cost">The model.</param>
    /// <param name="steps">Optimizer steps.</param>
    /// <param name="sequencesPerStep">Sequences in one step.</param>
    /// <param name="context">Tokens in one sequence.</param>
    /// <param name="sampled">Whether the guides are sampled, charged for half of their steps, or mixed in every step.</param>
    /// <param name="convention">What is counted.</param>
    public static decimal TwoBranchTrainingFlops(
        this ModelCost cost,
        long steps,
        long sequencesPerStep,
        int context,
        bool sampled,
        FlopConvention convention = FlopConvention.Paper
    )
    {
        ArgumentNullException.ThrowIfNull(cost);
        var tokensPerStep = (decimal)sequencesPerStep * context;
        return cost.TrainingFlops(steps, sequencesPerStep, context, guided: false, convention)
            + cost.Guides.Sum(guide =>
            {
                var guidedSteps = TrainingFlopFormula.GuidedSteps(steps, guide.PhaseOut);
                return TwoBranchFormula.Guide(
                    guide.Parameters,
                    sampled ? TwoBranchFormula.SampledDraws(guidedSteps) : guidedSteps,
                    tokensPerStep
                );
            });
    }
}
