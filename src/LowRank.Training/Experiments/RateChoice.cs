namespace LowRank.Training.Experiments;

/// <summary>Which learning rate a contender's sweep chose.</summary>
internal static class RateChoice
{
    /// <summary>
    /// The rate with the lowest mean loss over the sweep's seeds; one that failed for any seed is out. Null before any is there.
    /// </summary>
    /// <param name="sweep">The sweep's runs.</param>
    /// <param name="store">What was reached.</param>
    public static double? Of(IReadOnlyList<RunPlan> sweep, RunStore store) =>
        sweep
            .GroupBy(plan => plan.Options.LearningRate)
            .Select(group => (Rate: group.Key, Losses: group.Select(plan => store.Find(plan)?.Result?.ValidationLoss).ToArray()))
            .Where(rate => rate.Losses.All(loss => loss is not null))
            .OrderBy(rate => rate.Losses.Average())
            .Select(rate => (double?)rate.Rate)
            .FirstOrDefault();
}
