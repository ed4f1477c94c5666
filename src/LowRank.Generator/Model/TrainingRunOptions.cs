namespace LowRank.Generator.Model;

/// <summary>What <c>[TrainingRun]</c> says; null where the micro-batch is the whole step.</summary>
internal sealed record TrainingRunOptions(long Tokens, int SequencesPerStep, int? SequencesPerMicroBatch);
