namespace LowRank.Training.Scaling;

/// <summary>A training on several ranks, as it is stated.</summary>
/// <param name="Ranks">N: processes that train one model, each on a device of its own.</param>
/// <param name="SequencesPerStep">Sequences in one optimizer step, all ranks together.</param>
/// <param name="SequencesPerMicroBatch">Sequences that a rank may take in one pass.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="GaLoreRank">The rank to which GaLore projects.</param>
/// <param name="GaLoreGap">Steps between its projections.</param>
internal sealed record RankJob(
    int Ranks,
    int SequencesPerStep,
    int SequencesPerMicroBatch,
    OptimizerKind Optimizer,
    int GaLoreRank,
    int GaLoreGap
)
{
    /// <summary>Optimizer steps; null where nobody says how many.</summary>
    public long? Steps { get; init; }

    /// <summary>What connects the ranks; null where it isn't said.</summary>
    public Links? Links { get; init; }

    /// <summary>FLOP/s that training reaches on each rank's device; null where it isn't said.</summary>
    public double? FlopsPerSecond { get; init; }

    /// <summary>Sequences of a step on the rank with the most.</summary>
    public int SequencesPerRank => SharedBy(Ranks);

    /// <summary>The same for another number of ranks.</summary>
    public int SharedBy(int ranks) => SequencesPerStep / ranks + (SequencesPerStep % ranks == 0 ? 0 : 1);
}
