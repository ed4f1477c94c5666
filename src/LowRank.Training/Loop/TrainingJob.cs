using LowRank.Training.Data;
using LowRank.Training.Distributed;
using LowRank.Training.Runs;

namespace LowRank.Training.Loop;

/// <summary>What a run is asked for.</summary>
/// <param name="Entry">The declared model.</param>
/// <param name="Variant">How it is trained.</param>
/// <param name="Data">The text.</param>
/// <param name="Options">The run.</param>
/// <param name="Observer">Is told how it goes.</param>
internal sealed record TrainingJob(
    ModelEntry Entry,
    Variant Variant,
    TokenDataset Data,
    TrainingOptions Options,
    ITrainingObserver Observer
)
{
    /// <summary>The processes that train the model together; null for one alone.</summary>
    public ProcessGroup? Group { get; init; }

    /// <summary>Whether this process writes what the run leaves behind.</summary>
    public bool Saves => Group is null or { IsFirst: true };

    /// <summary>
    /// The sequences of a step that this process reads: its share of them, in their order, each within one micro-batch. A step is the same
    /// whatever the number of processes.
    /// </summary>
    public IEnumerable<(int First, int Count)> MicroBatches()
    {
        var (rank, world) = (Group?.Rank ?? 0, Group?.World ?? 1);
        var first = (int)((long)Options.SequencesPerStep * rank / world);
        var end = (int)((long)Options.SequencesPerStep * (rank + 1) / world);
        for (; first < end; first += Options.SequencesPerMicroBatch)
            yield return (first, Math.Min(Options.SequencesPerMicroBatch, end - first));
    }

    /// <summary>Tokens of one optimizer step, over all micro-batches.</summary>
    public long TokensPerStep => (long)Options.SequencesPerStep * Options.Context;
}
