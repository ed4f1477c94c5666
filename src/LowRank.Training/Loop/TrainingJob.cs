using LowRank.Training.Data;
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
    /// <summary>Tokens of one optimizer step, over all micro-batches.</summary>
    public long TokensPerStep => (long)Options.SequencesPerStep * Options.Context;
}
