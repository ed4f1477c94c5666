namespace LowRank.Training.Scaling;

/// <summary>What a rank holds and sends in one of the two ways in which the optimizer's state lies on the ranks.</summary>
/// <param name="StateBytes">The optimizer's state on the rank with the most.</param>
/// <param name="EvenStateBytes">The same if all had the same.</param>
/// <param name="ReducedBytes">Gradients that are summed over the ranks in a step.</param>
/// <param name="IsSharded">Whether a rank keeps the state of what it updates alone.</param>
/// <param name="Rank">Everything that is the same both ways.</param>
internal sealed record ShardingCost(decimal StateBytes, decimal EvenStateBytes, decimal ReducedBytes, bool IsSharded, RankCost Rank)
{
    private RankJob Job => Rank.Job;

    /// <summary>Values that are copied to all ranks after the update.</summary>
    public decimal GatheredBytes => IsSharded ? RankCost.Bytes(Rank.TrainedNumbers) : 0;

    /// <summary>Bytes that a rank sends in a step, by rings.</summary>
    public decimal SentBytes => SentOf(ReducedBytes, GatheredBytes);

    /// <summary>The same in a step in which GaLore chooses its projections; null for other optimizers.</summary>
    public decimal? RefreshSentBytes => Rank.RefreshNumbers is { } numbers ? SentOf(RankCost.Bytes(numbers), GatheredBytes) : null;

    /// <summary>Bytes that a rank sends in the whole run; null where its length isn't known.</summary>
    public decimal? RunSentBytes =>
        Rank.RunReducedNumbers is { } reduced && Rank.RunGatheredNumbers is { } gathered
            ? SentOf(RankCost.Bytes(reduced), IsSharded ? RankCost.Bytes(gathered) : 0)
            : null;

    /// <summary>Parameters, effective weights, gradients and state.</summary>
    public decimal HeldBytes => Rank.ParameterBytes + Rank.EffectiveWeightBytes + Rank.GradientBytes + StateBytes;

    /// <summary>FLOPs of a step on the rank with the most sequences, paper convention.</summary>
    public decimal Flops => Rank.FlopsOn(Job.Ranks, IsSharded);

    /// <summary>Seconds of them; null where no device is stated.</summary>
    public double? ComputeSeconds => Rank.SecondsOn(Job.Ranks, IsSharded);

    /// <summary>Seconds of a step's reduction and gathering; null where no links are stated.</summary>
    public double? WireSeconds => Job.Links is { } links ? WireSecondsOn(links, Job.Ranks) : null;

    /// <summary>Seconds of a step in which nothing is sent while something is computed.</summary>
    public double? StepSeconds => ComputeSeconds + WireSeconds;

    /// <summary>Seconds of a step in which everything is sent while something is computed.</summary>
    public double? OverlappedStepSeconds => ComputeSeconds is { } compute && WireSeconds is { } wire ? Math.Max(compute, wire) : null;

    /// <summary>Whether sending takes longer than computing, so that no overlap hides it.</summary>
    public bool? IsNetworkBound => ComputeSeconds is { } compute && WireSeconds is { } wire ? wire > compute : null;

    /// <summary>The tokens of a step on each rank from which on sending takes no longer than computing.</summary>
    public decimal? LeastTokensPerRank => WireSeconds is { } wire ? Rank.TokensFor(wire, IsSharded) : null;

    /// <summary>
    /// The most ranks among which the sequences of a step are divided evenly, whole machines or a part of one, with which sending takes no
    /// longer than computing.
    /// </summary>
    public int? MostRanks =>
        Job is { Links: { } links, FlopsPerSecond: not null }
            ? Divisors(Job.SequencesPerStep)
                .Where(links.Holds)
                .Where(ranks => WireSecondsOn(links, ranks) <= Rank.SecondsOn(ranks, IsSharded))
                .Max()
            : null;

    private double WireSecondsOn(Links links, int ranks) =>
        links.HalfPass(ReducedBytes, ranks) + links.HalfPass(IsSharded ? GatheredBytes : ReducedBytes, ranks);

    // A reduce-scatter and an all-gather, of gradients or of values.
    private decimal SentOf(decimal reduced, decimal gathered) =>
        Links.Sent(reduced, Job.Ranks) + Links.Sent(IsSharded ? gathered : reduced, Job.Ranks);

    private static IEnumerable<int> Divisors(int number)
    {
        for (var divisor = 1; divisor <= number / divisor; divisor++)
        {
            if (number % divisor == 0)
            {
                yield return divisor;
                yield return number / divisor;
            }
        }
    }
}
