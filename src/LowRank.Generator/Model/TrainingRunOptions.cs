namespace LowRank.Generator.Model;

/// <summary>
/// What <c>[TrainingRun]</c> says; null where the micro-batch is the whole step, and where optimizer and rate are left to the run.
/// </summary>
internal sealed record TrainingRunOptions(
    long Tokens,
    int SequencesPerStep,
    int? SequencesPerMicroBatch,
    OptimizerKind? Optimizer = null,
    double? LearningRate = null
);
