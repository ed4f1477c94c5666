using LowRank.Training.FineTuning;
using LowRank.Training.Runs;

namespace LowRank.Training.Checkpoints;

/// <summary>What <c>checkpoint.json</c> says: all of a run's state that isn't a tensor.</summary>
internal sealed record CheckpointInfo
{
    /// <summary>Version of the layout: 2, or 1 for checkpoints of earlier versions, whose description has no hash.</summary>
    public int Format { get; init; } = CheckpointInfoFile.Format;

    /// <summary>The model's full name.</summary>
    public required string Model { get; init; }

    /// <summary>How it is trained.</summary>
    public required Variant Variant { get; init; }

    /// <summary>Number of token ids of the model.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Steps taken.</summary>
    public required long Step { get; init; }

    /// <summary>How the run is trained.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>What fine-tuning has changed about the declared model; null for nothing.</summary>
    public ModelChanges? Changes { get; init; }

    /// <summary>The <see cref="DataFingerprint"/> of weights whose training text is not known.</summary>
    internal const string NoText = "none";

    /// <summary>What the training text was: a hash of its inputs.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>Names of the guides that still exist.</summary>
    public required IReadOnlyList<string> Guides { get; init; }

    /// <summary>
    /// α of every layer that computes through its guide, by its name; the others compute through their factors. Null where all follow from
    /// the step, as in a run.
    /// </summary>
    public IReadOnlyDictionary<string, double>? GuideShares { get; init; }

    /// <summary>Names of the layers whose weights have their adapters in them; null for none.</summary>
    public IReadOnlyList<string>? MergedAdapters { get; init; }

    /// <summary>Optimizer updates of the lasting parameters, and of each guide by name: they differ for sampled guides.</summary>
    public required IReadOnlyDictionary<string, long> Updates { get; init; }

    /// <summary>What the run has counted so far.</summary>
    public required RunTotals Totals { get; init; }

    /// <summary>Name, length in bytes and XXH128 of every other file of the checkpoint.</summary>
    public required IReadOnlyList<CheckpointFile> Files { get; init; }
}
